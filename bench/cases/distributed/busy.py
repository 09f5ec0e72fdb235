"""Several processes write to one conversation at once: each seq is wanted by all of them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench import lost_seqs, metrics
from bench.cases.distributed.crowd import EACH, Crowd
from bench.cases.distributed.subjects import ONE, Costs, middle, shown
from bench.context import Bench
from bench.figures import median
from bench.meter import Meter
from bench.table import Row

if TYPE_CHECKING:
    from bench.installation import Installation

NAME = "distributed.busy"
FOUR = f"{EACH} processes"


@dataclass(frozen=True)
class Run:
    rate: float
    """Messages per second."""
    costs: Costs
    batch: float
    """Messages in one."""
    lost: float
    """Attempts per batch that found a seq taken."""


async def run(bench: Bench) -> list[Row]:
    rounds = bench.sizes.rounds
    async with bench.topology.on_postgres(1) as one, bench.topology.on_postgres(EACH) as four:
        runs: dict[str, list[Run]] = {ONE: [], FOUR: []}
        for turn in range(rounds):
            for name, subject in ((ONE, one), (FOUR, four)):
                bench.say(f"{NAME}: {name}, run {turn + 1} of {rounds}")
                runs[name].append(await _measure(bench, subject, turn))
    return _rows(f"1 conversation, {2 * EACH} connections on {FOUR}", runs)


def _rows(what: str, runs: Mapping[str, list[Run]]) -> list[Row]:
    def beside(field: str) -> tuple[float, float]:
        four, one = (median([getattr(run, field) for run in runs[name]]) for name in (FOUR, ONE))
        return four, one

    cost = shown(middle(run.costs for run in runs[FOUR]))
    return [
        Row(NAME, f"{what}: stored messages, no hole in seq", "messages/s", *beside("rate"), None,
            f"µs of CPU each: {cost}", ONE),
        Row(NAME, f"{what}: messages in a batch", "messages", *beside("batch"), to=ONE),
        Row(NAME, f"{what}: seqs lost to another process", "per batch", *beside("lost"), None,
            "transactions that PostgreSQL rolled back", ONE),
    ]  # fmt: skip


async def _measure(bench: Bench, subject: "Installation", turn: int) -> Run:
    crowd = Crowd(subject.webs, turn)
    await crowd.connect()
    crowd.start(bench.sizes.outstanding)
    await asyncio.sleep(bench.sizes.warm_up)
    acked = crowd.acked
    before = await metrics.batches(subject.webs), await lost_seqs.count(subject)
    with Meter(subject) as meter:
        await asyncio.sleep(bench.sizes.seconds)
        count = crowd.acked - acked
    batches = await metrics.batches(subject.webs) - before[0]
    lost = await lost_seqs.count(subject) - before[1]
    await crowd.finish()
    bench.check_load(f"one conversation on {subject.name}", meter)
    return Run(count / meter.wall, meter.costs(count), batches.size, lost / max(1, batches.count))
