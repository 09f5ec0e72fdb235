"""Connecting as somebody with thousands of conversations."""

import time

from bench import names
from bench.client import ClientFailed, Connection, Frame, close_all, connect
from bench.context import Bench
from bench.figures import median, percentile
from bench.server import Server
from bench.table import Row, Target

EACH = 10
"""Messages that the seeder puts into each conversation of the busy person."""
NEW = 5
"""Of these, how many a client asks for that was away a while."""
IN_FRAME = 2_000
"""Conversations that one `sync` names, so that its frame stays below 64 KiB."""
CONNECTS = 4
"""Times the repeats."""


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    hellos: list[float] = []
    syncs: dict[tuple[str, str], list[float]] = {}
    async with bench.both("large") as servers:
        for turn in range(sizes.repeats):
            bench.say(f"hello: run {turn + 1} of {sizes.repeats}")
            hellos += [(await time_hello(servers[1]))[0] for _ in range(CONNECTS)]
            for server in servers:
                for what, took in (await time_syncs(server, sizes.conversations)).items():
                    syncs.setdefault((server.name, what), []).append(took)
    whose = f"of a person with {sizes.conversations:,} conversations"
    rows = [
        Row("hello", f"hello {whose}, p50", "ms", percentile(hellos, 50), None,
            Target(30, "most"), f"from connecting on; the first took {hellos[0]:.1f}"),
        Row("hello", f"hello {whose}, p99", "ms", percentile(hellos, 99), None),
    ]  # fmt: skip
    for what in sorted({what for _, what in syncs}):
        product, limit = (median(syncs[name, what]) for name in ("product", "limit"))
        rows.append(Row("hello", f"sync {whose}: {what}", "ms", product, limit))
    return rows


async def time_hello(server: Server, name: str = names.BUSY) -> tuple[float, Frame]:
    """Milliseconds from connecting to `hello`, and the frame."""
    connection = Connection(name)
    start = time.perf_counter()
    await connect(server, connection)
    took = (time.perf_counter() - start) * 1000
    await connection.close()
    return took, connection.hello.result()


async def time_syncs(server: Server, count: int) -> dict[str, float]:
    """Milliseconds for a `sync` of each kind."""
    everything = [names.direct(names.BUSY, names.person(number)) for number in range(count)]
    recent = everything[:200]
    connection = await connect(server, Connection(names.BUSY))
    found = {
        "200 named, nothing new": await _sync(connection, recent, EACH),
        f"200 named, {len(recent) * NEW:,} new": await _sync(connection, recent, EACH - NEW),
        "all named, nothing new": await _sync(connection, everything, EACH),
    }
    await close_all([connection])
    return found


async def _sync(connection: Connection, conversations: list[str], seq: int) -> float:
    start = time.perf_counter()
    count = 0
    for first in range(0, len(conversations), IN_FRAME):
        named = conversations[first : first + IN_FRAME]
        messages, _ = await connection.sync(dict.fromkeys(named, seq))
        count += len(messages)
    took = (time.perf_counter() - start) * 1000
    if count != len(conversations) * (EACH - seq):
        raise ClientFailed(f"sync from {seq} on gave {count} messages")
    return took
