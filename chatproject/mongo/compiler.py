"""Lets through to djongo only the SQL that it translates rightly, and refuses everything else.

djongo answers a good deal of SQL wrongly without an error: a COUNT(DISTINCT) counts all, a second
join to one table gives the first one's rows, a NOT around nested conditions loses half of them.
So what is not listed here raises NotSupportedError, whether djongo might know it or not.
"""

from typing import Any, NoReturn

from django.db import NotSupportedError
from django.db.models import Avg, Count, Max, Min, Sum, Value, lookups
from django.db.models.expressions import Col, OrderBy, Ref, Star
from django.db.models.fields import FloatField, IntegerField
from django.db.models.fields.json import JSONField
from django.db.models.functions import Trunc
from django.db.models.sql import compiler
from django.db.models.sql.compiler import PositionRef, SQLInsertCompiler
from django.db.models.sql.datastructures import BaseTable
from django.db.models.sql.where import XOR, NothingNode, WhereNode

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]

LOOKUPS = {
    lookups.Contains,
    lookups.EndsWith,
    lookups.Exact,
    lookups.GreaterThan,
    lookups.GreaterThanOrEqual,
    lookups.IContains,
    lookups.IEndsWith,
    lookups.IExact,
    lookups.IStartsWith,
    lookups.In,
    lookups.IntegerFieldExact,
    lookups.IntegerGreaterThan,
    lookups.IntegerGreaterThanOrEqual,
    lookups.IntegerLessThan,
    lookups.IntegerLessThanOrEqual,
    lookups.IsNull,
    lookups.LessThan,
    lookups.LessThanOrEqual,
    lookups.Range,
    lookups.StartsWith,
}
AGGREGATES = {Avg, Count, Max, Min, Sum}
OTHERS = {BaseTable, Col, NothingNode, OrderBy, Ref, Star, Trunc, WhereNode}
"""Each list holds the classes themselves; their subclasses may mean something else."""


class Sql(str):
    """A statement of this compiler's, which alone the cursor lets through to djongo."""

    __slots__ = ()


def refuse(what: str) -> NoReturn:
    raise NotSupportedError(f"The djongo engine does no {what}.")


class SQLCompiler(compiler.SQLCompiler):
    def pre_sql_setup(self, *args: Any, **kwargs: Any) -> Any:
        """Refuses the query as a whole; `compile` refuses its parts."""
        query = self.query
        found = super().pre_sql_setup(*args, **kwargs)
        if sum(map(bool, query.alias_refcount.values())) > 1:
            refuse("joins")
        if query.combinator or query.extra or query.extra_tables or query.distinct_fields:
            refuse("unions, extra() and distinct() on fields")
        if self.having or self.qualify:
            refuse("filters on aggregates and windows")
        if query.select_for_update:
            refuse("locks: select_for_update() and what uses it, like update_or_create()")
        if query.explain_info:
            refuse("explain()")
        return found

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[Sql, Any]:
        sql, params = super().as_sql(*args, **kwargs)
        return Sql(sql), params

    def get_group_by(self, select: Any, order_by: Any) -> Any:
        """MongoDB can order groups only by what it returns of them."""
        found = super().get_group_by(select, order_by)
        selected = [expression for expression, _, _ in select]
        for ordering, _ in order_by if found and not self._meta_ordering else ():
            by = ordering.expression
            if not isinstance(by, Ref) and by not in selected:
                refuse("ordering of groups by what is not selected")
        return found

    def compile(self, node: Any) -> tuple[str, Any]:
        kind = type(node)
        if kind is Value and type(node.value) is int:
            return f"({node.value})", []  # for exists(); djongo reads no constant as a parameter
        if kind is PositionRef:  # ORDER BY 2 means nothing to djongo
            return super().compile(node.source if type(node.source) is Col else _named(node))
        if kind in LOOKUPS:
            return self._lookup(node)
        if kind in AGGREGATES:
            _check_aggregate(node)
        elif kind is WhereNode:
            _check_where(node)
        elif kind is OrderBy:
            _check_order(node)
        elif kind not in OTHERS:
            refuse(kind.__name__)
        return super().compile(node)

    def _lookup(self, node: Any) -> tuple[str, Any]:
        _check_lookup(node)
        if type(node) is not lookups.In:
            return super().compile(node)
        column, params = node.process_lhs(self, self.connection)
        _, values = node.process_rhs(self, self.connection)
        return f"{column} IN (%s)", [*params, list(values)]  # see conditions.py


def _named(node: PositionRef) -> Ref:
    return Ref(node.refs, node.source)


def _check_lookup(node: Any) -> None:
    if type(node.lhs) is not Col:
        refuse("lookups of anything but a column")
    if not node.rhs_is_direct_value():
        refuse("comparisons with anything but a value")
    if isinstance(node.lhs.output_field, JSONField) and type(node) is not lookups.IsNull:
        refuse("comparisons of JSON")


def _check_where(node: WhereNode) -> None:
    if node.connector == XOR:
        refuse("XOR")
    if node.negated and any(isinstance(child, WhereNode) for child in node.children):
        refuse("negation of nested conditions")
    for child in node.children:
        if type(child) not in LOOKUPS | {WhereNode, NothingNode}:
            refuse(f"conditions of the kind {type(child).__name__}")


def _check_aggregate(node: Any) -> None:
    if node.distinct or node.filter or getattr(node, "order_by", None):
        refuse("aggregates with distinct, filter or order")
    source = node.get_source_expressions()[0]
    if type(source) not in (Col, Star):
        refuse("aggregates of anything but a column")
    if type(node) is Count:
        return
    field = source.output_field
    if isinstance(field, JSONField):
        refuse("aggregates of JSON")
    if type(node) in (Sum, Avg) and (
        field.null or not isinstance(field, IntegerField | FloatField)
    ):
        refuse("sums of what is not a number, or may be null")


def _check_order(node: OrderBy) -> None:
    if node.nulls_first or node.nulls_last:
        refuse("ordering with nulls moved")
    if type(node.expression) not in (Col, Ref, PositionRef):
        refuse("ordering by anything but a column")


class SQLAggregateCompiler(compiler.SQLAggregateCompiler):
    def as_sql(self) -> NoReturn:
        refuse("subqueries, such as count() of a slice or of what is distinct")


class SQLUpdateCompiler(compiler.SQLUpdateCompiler, SQLCompiler):
    def as_sql(self) -> Any:
        if any(hasattr(value, "resolve_expression") for _, _, value in self.query.values):
            refuse("update() by an expression: it writes values alone")
        sql, params = super().as_sql()
        return Sql(sql), params

    def pre_sql_setup(self) -> None:
        self.query.get_initial_alias()
        if self.query.related_updates or self.query.count_active_tables() > 1:
            refuse("joins")


class SQLDeleteCompiler(compiler.SQLDeleteCompiler, SQLCompiler):
    def as_sql(self) -> Any:
        if not self.single_alias:
            refuse("joins")
        sql, params = super().as_sql()
        return Sql(sql), params
