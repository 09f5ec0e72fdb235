"""SELECT's rows. djongo reads each column's name from the SQL anew for each row; here, once."""

from functools import cached_property
from typing import Any

from djongo import base  # noqa: F401 (first: djongo's modules import each other)
from djongo.sql2mongo import query
from djongo.sql2mongo.sql_tokens import SQLIdentifier


class SelectQuery(query.SelectQuery):
    @cached_property
    def _names(self) -> list[str]:
        """Where each value is in a document; there are no joins, so none is in a part of it."""
        selected = (self.distinct or self.selected_columns).sql_tokens
        return [_name(token) for token in selected]

    def _align_results(self, doc: dict[str, Any]) -> tuple[Any, ...]:
        """The row; a field that is missing is null."""
        return tuple(map(doc.get, self._names))


def _name(token: Any) -> str:
    return str(token.column if isinstance(token, SQLIdentifier) else token.alias)
