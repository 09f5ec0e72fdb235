"""Everybody comes back at once to one process: after a cut, and right after its restart."""

import asyncio
from dataclasses import dataclass

from bench import names
from bench.cases.accepts import WAYS
from bench.cases.distributed.subjects import (
    ALONE,
    EMBEDDED,
    ONE,
    Costs,
    embedded_and_one,
    middle,
    shown,
)
from bench.client import Connection, close_all, connect_all
from bench.context import Bench
from bench.figures import median
from bench.meter import Meter, Subject
from bench.table import Row, Target

NAME = "distributed.accepts"
FORGOTTEN = 1.5
"""Seconds after which the server has told everybody who has left."""
AFTER = ("right after a restart", "again")
AIM = Target(600, "least")


@dataclass(frozen=True)
class Run:
    rate: float
    """Accepts per second."""
    costs: Costs


async def run(bench: Bench) -> list[Row]:
    rounds = bench.sizes.rounds
    runs: dict[tuple[str, str, str], list[Run]] = {}
    async with embedded_and_one(bench) as subjects:
        for turn in range(rounds):
            for name, subject in subjects.items():
                for way, cookie in WAYS.items():
                    bench.say(f"{NAME}: {name}, {way}, run {turn + 1} of {rounds}")
                    await subject.webs[0].restart()
                    for after in AFTER:
                        found = await _connect_all(bench, subject, cookie)
                        runs.setdefault((name, way, after), []).append(found)
    return [_row(bench, runs, way, after) for way in WAYS for after in AFTER]


async def _connect_all(bench: Bench, subject: Subject, cookie: bool) -> Run:
    sizes = bench.sizes
    connections = [Connection(names.person(number)) for number in range(sizes.accepts)]
    with Meter(subject) as meter:
        await connect_all(subject.webs[0], connections, sizes.in_flight, cookie)
    await close_all(connections)
    await asyncio.sleep(FORGOTTEN)
    bench.check_load(f"accepts of {subject.name}", meter)
    return Run(sizes.accepts / meter.wall, meter.costs(sizes.accepts))


def _row(bench: Bench, runs: dict[tuple[str, str, str], list[Run]], way: str, after: str) -> Row:
    one, embedded = (runs[name, way, after] for name in (ONE, EMBEDDED))
    rates = median([run.rate for run in one]), median([run.rate for run in embedded])
    what = f"{ALONE}: {bench.sizes.accepts:,} connect by {way}, {after}"
    cost = shown(middle(run.costs for run in one))
    return Row(NAME, what, "accepts/s", *rates, AIM, f"µs of CPU each: {cost}", EMBEDDED)
