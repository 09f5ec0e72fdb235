"""Values on their way in and out, and the dialect of SQL that djongo reads."""

import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bson import Int64
from django.db import NotSupportedError, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models.expressions import BaseExpression
from djongo import operations

from chatproject.mongo.errors import translated
from chatproject.mongo.truncating import FORMATS

ZONE = re.compile(r"[A-Za-z][\w+-]*(/[\w+-]+)*|[+-]\d\d:\d\d")
"""A name of the tz database or an offset, as $dateToString takes it."""


class DatabaseOperations(operations.DatabaseOperations):
    compiler_module = "chatproject.mongo.compiler"
    bulk_insert_sql = BaseDatabaseOperations.bulk_insert_sql

    # ---- values in -----------------------------------------------------------------------------

    def adapt_integerfield_value(self, value: Any, internal_type: str) -> Any:
        """64 bits whatever the value, as the official backend writes, and looks for, them."""
        return value if value is None or "Small" in internal_type else Int64(value)

    def adapt_json_value(self, value: Any, encoder: type[json.JSONEncoder] | None) -> Any:
        """A document, not its text; only what JSON can say."""
        return json.loads(json.dumps(value, cls=encoder))

    # ---- values out ----------------------------------------------------------------------------

    def get_db_converters(self, expression: BaseExpression) -> list[Callable[..., Any]]:
        kind = expression.output_field.get_internal_type()
        if kind == "DateTimeField":
            return [_to_utc]
        if kind == "JSONField":
            return [_to_json]
        if kind == "UUIDField":
            return [_to_uuid]
        return [_to_int] if "Integer" in kind else []

    # ---- SQL -----------------------------------------------------------------------------------

    def insert_statement(self, on_conflict: Any = None) -> str:
        return "INSERT OR IGNORE INTO" if on_conflict else "INSERT INTO"

    def conditional_expression_supported_in_where_clause(self, expression: Any) -> bool:
        """`"seen" = %s`, not `"seen"` alone, which djongo takes for nothing."""
        return False

    def datetime_trunc_sql(
        self, lookup_type: str, sql: str, params: Sequence[Any], tzname: str | None
    ) -> tuple[str, Sequence[Any]]:
        zone = re.sub(r"^UTC(?=[+-])", "", tzname or "UTC")
        if lookup_type not in FORMATS or not ZONE.fullmatch(zone):
            raise NotSupportedError(f"The djongo engine cannot cut off at {lookup_type} in {zone}.")
        return f'DATE_TRUNC({lookup_type.upper()}, {sql}, "{zone}")', params

    def sql_flush(self, style: Any, tables: Sequence[str], **_: Any) -> list[str]:
        """What `execute_sql_flush` takes: the collections to empty."""
        return list(tables)

    def execute_sql_flush(self, sql_list: Sequence[str]) -> None:
        with transaction.atomic(using=self.connection.alias), translated():
            for table in sql_list:
                self.connection.get_collection(table).delete_many({})


def _to_utc(value: datetime | None, *_: Any) -> datetime | None:
    return value and value.replace(tzinfo=UTC)


def _to_json(value: Any, *_: Any) -> str | None:
    """As text, which is what JSONField decodes."""
    return None if value is None else json.dumps(value)


def _to_uuid(value: str | None, *_: Any) -> uuid.UUID | None:
    return value and uuid.UUID(value)  # type: ignore[return-value]


def _to_int(value: int | None, *_: Any) -> int | None:
    return None if value is None else int(value)
