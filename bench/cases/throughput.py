"""Stored direct messages per second, as many as the server takes."""

import asyncio
from dataclasses import dataclass

from bench.client import close_all
from bench.context import Bench
from bench.figures import median
from bench.load import Pairs
from bench.meter import Meter, Subject
from bench.table import Row, Target


@dataclass(frozen=True)
class Run:
    rate: float
    """Messages per second."""
    costs: dict[str, float]
    """CPU per message, in µs, of each part of what serves."""

    @property
    def cost(self) -> float:
        return sum(self.costs.values())


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    runs: dict[str, list[Run]] = {"limit": [], "product": []}
    async with bench.both("people") as servers:
        for turn in range(sizes.rounds):
            for server in servers:
                bench.say(f"throughput: {server.name}, run {turn + 1} of {sizes.rounds}")
                runs[server.name].append(await measure(bench, server))
    what = f"stored direct messages, {sizes.pairs} pairs × {sizes.outstanding}"
    rates = {name: median([run.rate for run in found]) for name, found in runs.items()}
    costs = {name: median([run.cost for run in found]) for name, found in runs.items()}
    spread = ", ".join(f"{run.rate:,.0f}" for run in runs["product"])
    return [
        Row("throughput", what, "messages/s", rates["product"], rates["limit"],
            Target(0.4, "least", of_limit=True), f"runs: {spread}"),
        Row("throughput", what, "messages/s", rates["product"], None, Target(10_000, "least")),
        Row("throughput", "server CPU per message", "µs", costs["product"], costs["limit"]),
    ]  # fmt: skip


async def measure(bench: Bench, subject: Subject) -> Run:
    pairs = Pairs(bench, subject.webs)
    await pairs.connect()
    pairs.start()
    await asyncio.sleep(bench.sizes.warm_up)
    before = pairs.acked
    with Meter(subject) as meter:
        await asyncio.sleep(bench.sizes.seconds)
        count = pairs.acked - before
    pairs.stop()
    await pairs.settle()
    await close_all(pairs.connections)
    bench.check_load(f"throughput of {subject.name}", meter)
    return Run(count / meter.wall, meter.costs(count))
