"""That no figure grows with the messages stored or the accounts registered."""

import time
from collections.abc import Awaitable, Callable

from bench import names
from bench.cases.hello import time_hello
from bench.cases.history import page
from bench.client import Connection, connect
from bench.context import Bench
from bench.figures import median
from bench.seed import FRIENDS, ORDINARY
from bench.server import Server
from bench.table import Row, Target

TURNS = 4
EACH = 25
"""Requests of each kind in a turn."""
MOST = 1.5
"""The large installation's time over the small one's; what is above is not noise."""

Measure = Callable[[Connection], Awaitable[float]]


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    found: dict[tuple[str, str], list[float]] = {}
    async with (
        await bench.product("small") as small,
        await bench.product("large") as large,
    ):
        for turn in range(TURNS):
            bench.say(f"growth: run {turn + 1} of {TURNS}")
            for size, server in (("small", small), ("large", large)):
                for what, took in (await measure(server)).items():
                    found.setdefault((size, what), []).extend(took)
    labels = {
        "small": f"{sizes.small_messages:,} messages, {sizes.small_accounts:,} accounts",
        "large": f"{sizes.large_messages:,} messages, {sizes.large_accounts:,} accounts",
    }
    rows = []
    for what in ("hello", *MEASURES):
        times = {size: median(found[size, what]) for size in labels}
        rows += [
            Row("growth", f"{what}, {label}", "ms", times[size]) for size, label in labels.items()
        ]
        rows.append(Row("growth", f"{what}, large over small", "×",
                        times["large"] / times["small"], None, Target(MOST, "most")))  # fmt: skip
    return rows


async def measure(server: Server) -> dict[str, list[float]]:
    found = {"hello": [(await time_hello(server, names.READER))[0] for _ in range(EACH)]}
    connection = await connect(server, Connection(names.READER))
    for what, once in MEASURES.items():
        found[what] = [await once(connection) for _ in range(EACH)]
    await connection.close()
    return found


async def _send(connection: Connection) -> float:
    """A message into the longest conversation, until its ack."""
    start = time.perf_counter()
    await connection.ask(type="send", to=names.person(0), body="Does this take longer now?")
    return (time.perf_counter() - start) * 1000


async def _history(connection: Connection) -> float:
    return await page(connection)


async def _sync(connection: Connection) -> float:
    friends = range(1, FRIENDS)
    since = {names.direct(names.READER, names.person(n)): ORDINARY for n in friends}
    start = time.perf_counter()
    await connection.sync(since)
    return (time.perf_counter() - start) * 1000


async def _stored(connection: Connection) -> float:
    start = time.perf_counter()
    await connection.ask(type="stored", after=None)
    return (time.perf_counter() - start) * 1000


MEASURES: dict[str, Measure] = {
    "send until ack": _send,
    "history page": _history,
    "sync, nothing new": _sync,
    "stored, nothing there": _stored,
}
