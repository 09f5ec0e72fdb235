"""Searching with PostgreSQL's own full text, as `search` does with SQLite's."""

from bench.cases.search import searched
from bench.context import Bench
from bench.table import Row

NAME = "distributed.search"


async def run(bench: Bench) -> list[Row]:
    """The worker is what keeps the index up."""
    async with bench.topology.on_postgres(1, worker=True, plan="large") as subject:
        return await searched(bench, NAME, subject, "on PostgreSQL: ")
