"""Raw reads of `default`, for the few queries that every new connection makes.

Building such a query with the ORM costs 300 to 600 µs, running it 20: when the server restarts
everybody connects at once, and that is what they would wait for.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from chatproject.databases import DEFAULT


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows that `statement` finds."""
    with connections[DEFAULT].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def marks(values: Sequence[Any]) -> str:
    """What stands for `values` in a list of SQL."""
    return ", ".join(["%s"] * len(values))


def to_column(moment: datetime) -> Any:
    """A time as the engine compares it."""
    return connections[DEFAULT].ops.adapt_datetimefield_value(moment)


def moment(column: datetime | str) -> datetime:
    """A time as the engine returned it; SQLite's has no zone, and may be text: it is in UTC."""
    if isinstance(column, str):
        column = datetime.fromisoformat(column)
    return column if column.tzinfo else column.replace(tzinfo=UTC)
