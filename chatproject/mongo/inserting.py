"""INSERT, without sqlparse (which refuses more than 10,000 tokens) and djongo's counters.

Rows go in in their order, up to the first that is refused. What went in stays: others may have
read it and built on it, so that taking it back would make holes.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pymongo.database import Database
from pymongo.errors import BulkWriteError

from chatproject.mongo.errors import DUPLICATE_KEY

SQL = re.compile(r'INSERT (OR IGNORE )?INTO "([^"]+)" \(([^()]+)\) VALUES [(%s, )]+$')


class Insert:
    """One INSERT that was carried out; for a cursor, a result without rows."""

    def __init__(
        self, database: Database[dict[str, Any]], match: re.Match[str], values: Sequence[Any]
    ) -> None:
        """`match` is of SQL; `values` are those of all rows, one after the other."""
        self._ignores_duplicates, table, columns = match.groups()
        documents = list(_documents(columns, values))
        self._count = len(documents)
        self._insert(database, table, documents)
        self.last_row_id = documents[-1]["_id"]

    def _insert(self, database: Any, table: str, documents: list[dict[str, Any]]) -> None:
        try:
            database[table].insert_many(documents, ordered=not self._ignores_duplicates)
        except BulkWriteError as error:
            failed = error.details.get("writeErrors", [])
            only_duplicates = failed and all(e["code"] == DUPLICATE_KEY for e in failed)
            if not (self._ignores_duplicates and only_duplicates):
                raise
            if error.details.get("writeConcernErrors"):
                raise
            self._count -= len(failed)

    def count(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(())

    def close(self) -> None:
        """There is nothing to give back."""


def _documents(columns: str, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    names = [name.strip('" ') for name in columns.split(",")]
    for start in range(0, len(values), len(names)):
        yield dict(zip(names, values[start : start + len(names)], strict=True))
