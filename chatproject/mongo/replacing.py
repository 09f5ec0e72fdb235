"""Puts our translations into djongo, which resolves its helpers as globals of its modules."""

from djongo import base  # noqa: F401 (first: djongo's modules import each other)
from djongo.sql2mongo import converters, functions, operators, query, sql_tokens

from chatproject.mongo.conditions import (
    BetweenOp,
    Filter,
    ILikeOp,
    InOp,
    LikeOp,
    NotInOp,
    flattened,
)
from chatproject.mongo.parsing import parse
from chatproject.mongo.reading import SelectQuery
from chatproject.mongo.truncating import DateTrunc


def replace() -> None:
    for module in (query, converters, sql_tokens):
        module.sqlparse = parse
    operators.LikeOp, operators.iLikeOp = LikeOp, ILikeOp
    operators.InOp, operators.NotInOp = InOp, NotInOp
    operators.BetweenOp = BetweenOp
    operators.WhereOp.to_mongo = _flattened_where
    query.SelectQuery = SelectQuery
    functions.DateTrunc = DateTrunc


def _flattened_where(where: operators.WhereOp) -> Filter:
    return flattened(where._op.to_mongo())
