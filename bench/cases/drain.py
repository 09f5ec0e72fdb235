"""How long it takes somebody who was away to get the messages that were stored for them."""

import time
from collections.abc import Awaitable, Callable

from bench import names
from bench.client import ClientFailed, Connection, Message, connect
from bench.context import Bench
from bench.figures import median
from bench.server import Server
from bench.sizes import SENDERS
from bench.table import Row, Target

Drain = Callable[[Connection], Awaitable[list[Message]]]


async def run(bench: Bench) -> list[Row]:
    limits, syncs, pages = [], [], []
    async with bench.both("people") as (limit, product):
        for turn in range(bench.sizes.repeats):
            bench.say(f"drain: run {turn + 1} of {bench.sizes.repeats}")
            limits.append(await measure(bench, limit, by_sync))
            syncs.append(await measure(bench, product, by_sync))
            pages.append(await measure(bench, product, by_stored))
    what = f"drain of {bench.sizes.stored:,} stored messages"
    goal = Target(0.5, "most")
    return [
        Row("drain", f"{what}, by “sync”", "s", median(syncs), median(limits), goal),
        Row("drain", f"{what}, by “stored”", "s", median(pages), None, goal),
    ]


async def measure(bench: Bench, server: Server, drain: Drain) -> float:
    """Seconds from the first request to the last answer, `hello` before them not counted."""
    connection = await connect(server, Connection(names.AWAY))
    start = time.perf_counter()
    found = await drain(connection)
    seconds = time.perf_counter() - start
    await connection.close()
    different = len({message.id for message in found})
    if not len(found) == different == bench.sizes.stored:
        raise ClientFailed(
            f"{server.name}: of {bench.sizes.stored} stored messages {different} came, "
            f"in {len(found)} pieces"
        )
    return seconds


async def by_sync(connection: Connection) -> list[Message]:
    conversations = [names.direct(names.AWAY, names.person(n)) for n in range(SENDERS)]
    since = dict.fromkeys(conversations, 0)
    found: list[Message] = []
    while since:
        messages, more = await connection.sync(since)
        found += messages
        for message in messages:
            since[message.conversation] = message.seq
        since = {conversation: since[conversation] for conversation in more}
    return found


async def by_stored(connection: Connection) -> list[Message]:
    found: list[Message] = []
    more = True
    while more:
        after = found[-1].id if found else None
        page = await connection.ask(type="stored", after=after)
        found += page.messages
        more = page.more
    return found
