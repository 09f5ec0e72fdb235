"""Lookups of text. The official ones leave iexact's text active, and end at a last newline too."""

from typing import Any

from chatproject.mongo.conditions import END

Filter = dict[str, Any]


def iexact(column: str, pattern: str) -> Filter:
    return _regex(column, f"^{pattern}{END}", "i")


def endswith(column: str, pattern: str) -> Filter:
    return _regex(column, pattern + END)


def iendswith(column: str, pattern: str) -> Filter:
    return _regex(column, pattern + END, "i")


def _regex(column: str, regex: str, options: str = "") -> Filter:
    return {column: {"$regex": regex, "$options": options}}


OPERATORS = {"iexact": iexact, "endswith": endswith, "iendswith": iendswith}
