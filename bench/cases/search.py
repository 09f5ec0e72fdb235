"""Searching where very many messages are stored, and how soon a new one is found."""

import asyncio
import secrets
import time

from bench import names
from bench.client import ClientFailed, Connection, Frame, close_all, connect
from bench.context import Bench
from bench.figures import percentile
from bench.meter import Subject
from bench.seed import FRIENDS, INDEX_SECONDS
from bench.table import Row, Target

EVERY = 0.21
"""Seconds between two searches of one person: as fast as they may, for longer than a moment."""
COMMON = "ordinary"
PHRASE = "message of about a hundred"
NEW = 5
"""Messages that are sent to see when they are found, times the repeats."""
LOOKS = 300


async def run(bench: Bench) -> list[Row]:
    folder = await bench.seed("large")
    index_seconds = float((folder / INDEX_SECONDS).read_text())
    async with await bench.product("large") as server:
        found = await searched(bench, "search", server)
    among = f"{bench.sizes.large_messages:,}"
    return [*found, Row("search", f"the index of {among} made anew", "s", index_seconds)]


async def searched(bench: Bench, case: str, subject: Subject, where: str = "") -> list[Row]:
    """What the searches of two people took, and how soon they found what was new."""
    web = subject.webs[0]
    people = [await connect(web, Connection(name)) for name in (names.READER, names.BUSY)]
    bench.say(f"{case}: {bench.sizes.requests} times")
    found = await measure(people, bench.sizes.requests // len(people))
    bench.say(f"{case}: until what is new is found")
    waits = [await until_found(people[0]) for _ in range(NEW * bench.sizes.repeats)]
    await close_all(people)
    among = f"{bench.sizes.large_messages:,}"
    whose = {names.READER: FRIENDS, names.BUSY: bench.sizes.conversations}
    return [
        *(Row(case, f"{where}search among {among} for {what}, in {whose[name]:,} conversations,"
              f" p{percent}", "ms", percentile(times, percent), target=Target(50, "most"))
          for (name, what), times in found.items() for percent in (50, 99)),
        Row(case, f"{where}from the ack until it is found, p50", "ms", percentile(waits, 50),
            target=Target(1000, "most")),
    ]  # fmt: skip


async def measure(people: list[Connection], turns: int) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of searches, by who asked and for what."""
    found: dict[tuple[str, str], list[float]] = {}
    rare = {person.name: await newest_numbers(person) for person in people}
    for turn in range(turns):
        for person in people:
            numbers = rare[person.name]
            number = numbers[turn % len(numbers)]
            what, query, expected = [
                ("a rare word", number, number),
                ("a common word", COMMON, COMMON),
                ("a phrase", f'"{PHRASE}"', PHRASE),
            ][turn % 3]
            times = found.setdefault((person.name, what), [])
            times.append(await timed(person, query, expected))
        await asyncio.sleep(EVERY)
    return found


async def search(connection: Connection, query: str) -> Frame:
    return await connection.ask(type="search", query=query)


async def newest_numbers(connection: Connection) -> list[str]:
    """The numbers that the seeder put into this person's newest messages: no others have them."""
    found = await search(connection, COMMON)
    return [message.body.rpartition(" ")[2] for message in found.messages]


async def timed(connection: Connection, query: str, expected: str) -> float:
    """Milliseconds; raises ClientFailed where something else is found."""
    start = time.perf_counter()
    answer = await search(connection, query)
    took = (time.perf_counter() - start) * 1000
    for message in answer.messages:
        if expected not in message.body or connection.name not in message.conversation.split(":"):
            raise ClientFailed(f"a search of {connection.name} found {message.conversation}")
    if not answer.messages:
        raise ClientFailed(f"a search of {connection.name} found nothing")
    return took


async def until_found(connection: Connection) -> float:
    """Milliseconds from the ack of a message with a new word until a search finds it."""
    word = f"w{secrets.token_hex(8)}"
    friend = names.person(0)
    await connection.ask(type="send", to=friend, body=f"Have you heard of {word}?")
    start = time.perf_counter()
    for _ in range(LOOKS):
        await asyncio.sleep(EVERY)
        if (await search(connection, word)).messages:
            return (time.perf_counter() - start) * 1000
    raise ClientFailed(f"what was sent is not found after {LOOKS} looks")
