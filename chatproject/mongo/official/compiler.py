"""Queries, whose failures the official backend passes on as pymongo's, or without a word."""

from collections.abc import Iterator
from typing import Any

from django_mongodb_backend import compiler

from chatproject.mongo.errors import translated


class _Translated:
    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        with translated():
            found = super().execute_sql(*args, **kwargs)  # type: ignore[misc]
        return _rows(found) if isinstance(found, Iterator) else found


def _rows(found: Iterator[Any]) -> Iterator[Any]:
    """For iterator(): the server is asked while one goes through them."""
    with translated():
        yield from found


class SQLCompiler(_Translated, compiler.SQLCompiler):
    pass


class SQLInsertCompiler(_Translated, compiler.SQLInsertCompiler):
    pass


class SQLDeleteCompiler(_Translated, compiler.SQLDeleteCompiler):
    pass


class SQLUpdateCompiler(_Translated, compiler.SQLUpdateCompiler):
    pass


class SQLAggregateCompiler(_Translated, compiler.SQLAggregateCompiler):
    pass
