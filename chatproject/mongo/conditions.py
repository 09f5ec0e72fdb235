"""WHERE, as far as djongo gets it wrong: LIKE, IN, BETWEEN, and what no planner sees through."""

import re
from typing import Any

from djongo import base  # noqa: F401 (first: djongo's modules import each other)
from djongo.sql2mongo import operators
from djongo.sql2mongo.sql_tokens import SQLToken

PIECES = re.compile(r"\\(.)|(%)|(_)|(.)", re.DOTALL)
"""Of a LIKE pattern: an escaped character, the two wildcards, any other character."""
END = "(?![\\s\\S])"
"""Nothing follows. `$` would also match before a last newline."""

Filter = dict[str, Any]


def regex_of(pattern: str) -> str:
    """A LIKE pattern as the regular expression that matches the same texts, nothing in it active.

    Needs the option `s`, by which a dot matches a newline too.
    """
    found = (_piece(*match.groups()) for match in PIECES.finditer(pattern))
    return f"^{''.join(found)}{END}".removeprefix("^.*").removesuffix(f".*{END}")


def _piece(escaped: str | None, any_: str | None, one: str | None, plain: str | None) -> str:
    if any_ or one:
        return ".*" if any_ else "."
    character = escaped or plain or ""
    return r"\x00" if character == "\0" else re.escape(character)


class LikeOp(operators.LikeOp):
    """djongo's puts the text into the expression as it is, and reads some of it as JSON."""

    options = "s"

    def _make_regex(self, token: Any) -> None:
        self._regex = regex_of(self.params[SQLToken.placeholder_index(token)])

    def negate(self) -> None:
        self.is_negated = True

    def to_mongo(self) -> Filter:
        match = {"$regex": self._regex, "$options": self.options}
        return {self._field: {"$not": match} if self.is_negated else match}


class ILikeOp(LikeOp):
    options = "is"


class _OneList:
    """The values of IN come as one parameter, a list: the text is the same for every length."""

    _in: list[Any]

    def _fill_in(self, token: Any) -> None:
        super()._fill_in(token)  # type: ignore[misc]
        (self._in,) = self._in


class InOp(_OneList, operators.InOp):
    pass


class NotInOp(_OneList, operators.NotInOp):
    pass


class BetweenOp(operators.BetweenOp):
    """djongo steps over the bounds a second time, and so over the AND or OR that follows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statement.skip(-3)


def flattened(condition: Filter) -> Filter:
    """`{"$and": [{"a": {"$eq": 1}}, {"b": 2}]}` as `{"a": 1, "b": 2}`.

    It is the same, but some planners find no index for the former: a page took 250 times as long.
    """
    if list(condition) != ["$and"]:
        return {name: _plain(value) for name, value in condition.items()}
    merged: Filter = {}
    rest = []
    for part in map(flattened, condition["$and"]):
        if part.keys() & (merged.keys() | {"$and", "$or"}):
            rest.append(part)
        else:
            merged |= part
    return {**merged, "$and": rest} if rest else merged


def _plain(value: Any) -> Any:
    return value["$eq"] if isinstance(value, dict) and list(value) == ["$eq"] else value
