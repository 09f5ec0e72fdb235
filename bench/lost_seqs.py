"""How often an insert found its seq taken, as PostgreSQL has counted."""

import asyncio
from typing import TYPE_CHECKING

import psycopg

from bench.server import ServerFailed

if TYPE_CHECKING:
    from bench.installation import Installation

ROLLED_BACK = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()"
"""Nothing but that rolls a transaction back here. PostgreSQL's processes report about once a
second, so the count is a little behind."""


async def count(installation: "Installation") -> int:
    """Since the installation's database was made."""
    return await asyncio.to_thread(_count, installation.urls["DATABASE_URL"])


def _count(url: str) -> int:
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(ROLLED_BACK).fetchone()
    except psycopg.Error as error:
        raise ServerFailed(f"PostgreSQL does not tell: {error}") from None
    assert row is not None
    return int(row[0])
