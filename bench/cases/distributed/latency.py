"""How long a message takes to somebody on another process, at a load that leaves it idle."""

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
from bench.cases.latency import Run, all_of, measure
from bench.context import Bench
from bench.figures import percentile
from bench.table import Row, Target

NAME = "distributed.latency"
STEPS = {"send → ack": "to_ack", "send → delivery": "to_delivery"}
AIMS = {50: Target(3, "most"), 99: None}


async def run(bench: Bench) -> list[Row]:
    rounds, rate = bench.sizes.rounds, bench.sizes.rate
    async with all_three(bench) as subjects:
        runs: dict[str, list[Run]] = {name: [] for name in subjects}
        for turn in range(rounds):
            for name, subject in subjects.items():
                bench.say(f"{NAME}: {name}, run {turn + 1} of {rounds}")
                runs[name].append(await measure(bench, subject))
    costs = {name: middle(run.costs for run in found) for name, found in runs.items()}
    rows = [*_times(ACROSS, rate, runs[TWO], runs[EMBEDDED], AIMS),
            *_times(ALONE, rate, runs[ONE], runs[EMBEDDED], {50: None, 99: None})]  # fmt: skip
    return rows + cost_rows(NAME, f"CPU per message at {rate}/s", costs)


def _times(
    where: str, rate: int, runs: list[Run], embedded: list[Run], aims: dict[int, Target | None]
) -> list[Row]:
    return [
        Row(NAME, f"{where}: {step} at {rate}/s, p{percent}", "ms",
            percentile(all_of(runs, field), percent),
            percentile(all_of(embedded, field), percent), aim, to=EMBEDDED)
        for step, field in STEPS.items()
        for percent, aim in aims.items()
    ]  # fmt: skip
