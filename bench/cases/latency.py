"""How long a message takes at a load that leaves the server mostly idle."""

import asyncio
import time

from bench.client import close_all, connect_all
from bench.context import Bench
from bench.figures import percentile
from bench.load import Pairs
from bench.meter import Meter
from bench.server import Server
from bench.table import Row, Target

Latencies = tuple[list[float], list[float]]


async def run(bench: Bench) -> list[Row]:
    found: dict[str, Latencies] = {"limit": ([], []), "product": ([], [])}
    async with bench.both("people") as servers:
        for turn in range(bench.sizes.rounds):
            for server in servers:
                bench.say(f"latency: {server.name}, run {turn + 1} of {bench.sizes.rounds}")
                for all_of, more in zip(
                    found[server.name], await measure(bench, server), strict=True
                ):
                    all_of += more
    return [
        _row(bench, found, index, step, percent, most)
        for index, step in ((0, "send → ack"), (1, "send → delivery"))
        for percent, most in ((50, 1.2), (99, 10.0))
    ]


def _row(
    bench: Bench, found: dict[str, Latencies], index: int, step: str, percent: int, most: float
) -> Row:
    product, limit = (percentile(found[name][index], percent) for name in ("product", "limit"))
    what = f"{step} at {bench.sizes.rate}/s, p{percent}"
    return Row("latency", what, "ms", product, limit, Target(most, "most"))


async def measure(bench: Bench, server: Server) -> Latencies:
    """An open loop: messages leave by the clock, however long the answers take."""
    sizes = bench.sizes
    pairs = Pairs(bench, server)
    await connect_all(server, pairs.connections)
    await send_for(pairs, sizes.rate, sizes.warm_up)
    warm = len(pairs.clock.sent)
    with Meter(server) as meter:
        await send_for(pairs, sizes.rate, sizes.seconds)
    await pairs.settle()
    await close_all(pairs.connections)
    bench.check_load(f"latency of {server.name}", meter)
    return pairs.clock.latencies(since=warm)


async def send_for(pairs: Pairs, rate: int, seconds: float) -> None:
    start = time.perf_counter()
    for number in range(round(rate * seconds)):
        wait = start + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        pairs.senders[number % len(pairs.senders)].send()
