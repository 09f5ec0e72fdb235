"""Stored direct messages per second when each pair's two are on different processes."""

from collections.abc import Mapping

from bench.cases.distributed.subjects import (
    ACROSS,
    ALONE,
    EMBEDDED,
    ONE,
    TWO,
    all_three,
    cost_rows,
    middle,
)
from bench.cases.throughput import Run, measure
from bench.context import Bench
from bench.figures import median
from bench.table import Row

NAME = "distributed.throughput"


async def run(bench: Bench) -> list[Row]:
    sizes = bench.sizes
    async with all_three(bench) as subjects:
        runs: dict[str, list[Run]] = {name: [] for name in subjects}
        for turn in range(sizes.rounds):
            for name, subject in subjects.items():
                bench.say(f"{NAME}: {name}, run {turn + 1} of {sizes.rounds}")
                runs[name].append(await measure(bench, subject))
    return _rows(f"stored direct messages, {sizes.pairs} pairs × {sizes.outstanding}", runs)


def _rows(what: str, runs: Mapping[str, list[Run]]) -> list[Row]:
    rates = {name: median([run.rate for run in found]) for name, found in runs.items()}
    spread = {name: "runs: " + ", ".join(f"{run.rate:,.0f}" for run in found)
              for name, found in runs.items()}  # fmt: skip
    across, alone = (f"{where}: {what}" for where in (ACROSS, ALONE))
    costs = {name: middle(run.costs for run in found) for name, found in runs.items()}
    return [
        Row(NAME, across, "messages/s", rates[TWO], rates[ONE], None, spread[TWO], ONE),
        Row(NAME, across, "messages/s", rates[TWO], rates[EMBEDDED], to=EMBEDDED),
        Row(NAME, alone, "messages/s", rates[ONE], rates[EMBEDDED], None, spread[ONE], EMBEDDED),
        *cost_rows(NAME, "CPU per message", costs),
    ]
