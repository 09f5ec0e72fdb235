"""A page of history where very many messages are stored."""

import random
import time

from bench import names
from bench.client import ClientFailed, Connection, connect
from bench.context import Bench
from bench.figures import percentile
from bench.seed import FRIENDS, ORDINARY
from bench.table import Row, Target

PAGE = 50
TURNS = 4


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    long_one = sizes.large_messages // 10
    found: dict[tuple[str, bool], list[float]] = {}
    async with bench.both("large") as servers:
        for turn in range(TURNS):
            for server in servers:
                bench.say(f"history: {server.name}, run {turn + 1} of {TURNS}")
                connection = await connect(server, Connection(names.READER))
                for is_long in (True, False):
                    times = found.setdefault((server.name, is_long), [])
                    for _ in range(sizes.requests // TURNS // 2):
                        times.append(await page(connection, long_one if is_long else 0))
                await connection.close()
    return [
        Row("history", f"page of {PAGE} among {sizes.large_messages:,}, {where}, p{percent}", "ms",
            percentile(found["product", is_long], percent),
            percentile(found["limit", is_long], percent), Target(5, "most"))
        for is_long, where in ((True, f"conversation of {long_one:,}"), (False, "ordinary one"))
        for percent in (50, 99)
    ]  # fmt: skip


async def page(connection: Connection, long_one: int = 0) -> float:
    """Milliseconds for a page from anywhere in the long conversation, or the last of another."""
    if long_one:
        friend, before = 0, random.randint(PAGE + 1, long_one)
    else:
        friend, before = random.randint(1, FRIENDS - 1), ORDINARY + 1
    conversation = names.direct(names.READER, names.person(friend))
    start = time.perf_counter()
    answer = await connection.ask(
        type="history", conversation=conversation, before=before, limit=PAGE
    )
    took = (time.perf_counter() - start) * 1000
    if [message.seq for message in answer.messages] != list(range(before - PAGE, before)):
        raise ClientFailed(f"history before {before} of {conversation} is not what was stored")
    return took
