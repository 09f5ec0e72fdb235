"""The cursor that Django runs SQL on."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import NotSupportedError
from djongo.base import DjongoClient
from djongo.sql2mongo.query import DeleteQuery, Query, UpdateQuery
from pymongo.database import Database

from chatproject.mongo import inserting
from chatproject.mongo.compiler import Sql
from chatproject.mongo.errors import translated

Row = tuple[Any, ...]


class Cursor:
    """Carries out a statement through djongo; INSERT by itself."""

    def __init__(self, database: Database[dict[str, Any]], djongo: DjongoClient) -> None:
        self._database = database
        self._djongo = djongo
        self._statement = ""
        self._result: Any = None
        self._rows: Iterator[Row] = iter(())

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> None:
        self._statement = sql
        with translated(sql):
            self._result = self._run(sql, params or ())
            self._rows = iter(self._result)

    def _run(self, sql: str, params: Sequence[Any]) -> Any:
        if insert := inserting.SQL.match(sql):
            return inserting.Insert(self._database, insert, params)
        if not isinstance(sql, Sql):
            raise NotSupportedError("The djongo engine runs no SQL written by hand.")
        return Query(self._database.client, self._database, self._djongo, sql, params)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        raise NotSupportedError("The djongo engine inserts many rows by bulk_create().")

    def fetchmany(self, size: int | None = 1) -> list[Row]:
        with translated(self._statement):
            return list(islice(self._rows, size))

    def fetchone(self) -> Row | None:
        return next(iter(self.fetchmany(1)), None)

    def fetchall(self) -> list[Row]:
        return self.fetchmany(None)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.fetchone, None)

    @property
    def rowcount(self) -> int:
        """Rows that were written; -1, unknown, of a SELECT."""
        if isinstance(self._result, inserting.Insert):
            return self._result.count()
        query = getattr(self._result, "_query", None)
        return query.count() if isinstance(query, UpdateQuery | DeleteQuery) else -1

    @property
    def lastrowid(self) -> Any:
        return self._result.last_row_id

    def close(self) -> None:
        if self._result is not None:
            self._result.close()
