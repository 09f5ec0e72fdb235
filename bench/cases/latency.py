"""How long a message takes at a load that leaves the server mostly idle."""

import asyncio
import time
from dataclasses import dataclass

from bench.client import close_all
from bench.context import Bench
from bench.figures import median, percentile
from bench.load import Pairs
from bench.meter import Meter, Subject
from bench.table import Row, Target


@dataclass(frozen=True)
class Run:
    to_ack: list[float]
    """Milliseconds from sending a message to its ack."""
    to_delivery: list[float]
    costs: dict[str, float]
    """CPU per message, in µs, of each part of what serves."""

    @property
    def cost(self) -> float:
        return sum(self.costs.values())


async def run(bench: Bench) -> list[Row]:
    rounds, rate = bench.sizes.rounds, bench.sizes.rate
    runs: dict[str, list[Run]] = {"limit": [], "product": []}
    async with bench.both("people") as servers:
        for turn in range(rounds):
            for server in servers:
                bench.say(f"latency: {server.name}, run {turn + 1} of {rounds}")
                runs[server.name].append(await measure(bench, server))
    rows = []
    for step, field in (("send → ack", "to_ack"), ("send → delivery", "to_delivery")):
        product, limit = (all_of(runs[name], field) for name in ("product", "limit"))
        rows += [
            Row("latency", f"{step} at {rate}/s, p{percent}", "ms",
                percentile(product, percent), percentile(limit, percent), Target(most, "most"))
            for percent, most in ((50, 1.2), (99, 10.0))
        ]  # fmt: skip
    costs = {name: median([run.cost for run in found]) for name, found in runs.items()}
    what = f"server CPU per message at {rate}/s"
    rows.append(Row("latency", what, "µs", costs["product"], costs["limit"]))
    return rows


def all_of(runs: list[Run], field: str) -> list[float]:
    return [time for run in runs for time in getattr(run, field)]


async def measure(bench: Bench, subject: Subject) -> Run:
    """An open loop: messages leave by the clock, however long the answers take."""
    sizes = bench.sizes
    pairs = Pairs(bench, subject.webs)
    await pairs.connect()
    await send_for(pairs, sizes.rate, sizes.warm_up)
    warm = len(pairs.clock.sent)
    with Meter(subject) as meter:
        await send_for(pairs, sizes.rate, sizes.seconds)
    await pairs.settle()
    await close_all(pairs.connections)
    bench.check_load(f"latency of {subject.name}", meter)
    costs = meter.costs(len(pairs.clock.sent) - warm)
    return Run(*pairs.clock.latencies(since=warm), costs)


async def send_for(pairs: Pairs, rate: int, seconds: float) -> None:
    start = time.perf_counter()
    for number in range(round(rate * seconds)):
        wait = start + number / rate - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        pairs.senders[number % len(pairs.senders)].send()
