"""What the distributed chat is measured as, and how the rows call it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from bench.context import Bench
from bench.figures import median
from bench.meter import Subject
from bench.table import Row

EMBEDDED = "embedded"
ONE = "1 process"
TWO = "2 processes"
ALONE = "1 process on PostgreSQL"
ACROSS = "across 2 processes"


@asynccontextmanager
async def embedded_and_one(bench: Bench) -> AsyncIterator[dict[str, Subject]]:
    async with bench.topology.on_postgres(1) as one, await bench.product("people") as embedded:
        yield {EMBEDDED: embedded, ONE: one}


@asynccontextmanager
async def all_three(bench: Bench) -> AsyncIterator[dict[str, Subject]]:
    async with embedded_and_one(bench) as others, bench.topology.on_postgres(2) as two:
        yield {**others, TWO: two}


Costs = Mapping[str, float]
"""CPU for one message, or whatever is counted, in µs, by part of the chat."""


def middle(costs: Iterable[Costs]) -> Costs:
    """The median of each part."""
    found = list(costs)
    return {part: median([each[part] for each in found]) for part in found[0]}


def cost_rows(case: str, what: str, costs: Mapping[str, Costs]) -> list[Row]:
    """CPU of each part where there are two processes beside one, and in all beside embedded."""
    two, one, embedded = (costs[name] for name in (TWO, ONE, EMBEDDED))
    rows = [Row(case, f"{ACROSS}: {what}, {part}", "µs", two[part], one[part], to=ONE)
            for part in two]  # fmt: skip
    in_all = sum(two.values()), sum(embedded.values())
    return [*rows, Row(case, f"{ACROSS}: {what}, in all", "µs", *in_all, to=EMBEDDED)]


def shown(costs: Costs) -> str:
    return ", ".join(f"{part} {cost:,.0f}" for part, cost in costs.items())
