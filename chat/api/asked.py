"""The socket's requests, read from requests over HTTP: checked by the same types, in the same
words."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest
from msgspec import Struct

from chat.http_api import body_of
from chat.protocol import MAX_CLIENT_FRAME, Invalid, Request, Send

R = TypeVar("R", bound=Request)
B = TypeVar("B", bound=Struct)
M = TypeVar("M", bound=Mapping[str, Any])

WITHOUT_BODY = ("GET", "HEAD", "DELETE")


def fields_asked(kind: type[Struct], path: tuple[str, ...] | set[str] = ()) -> list[str]:
    """The fields of `kind` that do not come from the path. An answer over HTTP needs no `id` to
    be known by; that of a message names it for good."""
    without = {*path} if kind is Send else {"id", *path}
    names = kind.__struct_fields__
    return [name for name in names if not (issubclass(kind, Request) and name in without)]


def asked(request: HttpRequest, kind: type[R], **path: str) -> R:
    """The request of `kind`, with the fields in `path` from there; raises Invalid."""
    bare = request.method in WITHOUT_BODY
    known = fields_asked(kind, set(path))
    query = dict(request.GET.lists())
    given = parameters(query, known) if bare else _known(_object(request), known)
    found = convert({**given, **path}, kind, strict=not bare)
    _refuse_nul(found)
    found.check()
    return found


def parameters(query: Mapping[str, list[str]], known: Collection[str]) -> dict[str, str]:
    """The value of each name; raises Invalid where that is not in `known`, or comes twice."""
    for name, values in _known(query, known).items():
        if len(values) > 1:
            raise Invalid(f"“{name}” must be given once.")
    return {name: value for name, (value,) in query.items()}


def _known(given: M, known: Collection[str]) -> M:
    """Raises Invalid."""
    for name in given:
        if name not in known:
            raise Invalid(f"Object contains unknown field `{name[:40]}`.")
    return given


def convert(given: Any, kind: type[B], strict: bool = True) -> B:
    """`given`, of built-in types, as a struct; raises Invalid."""
    try:
        return msgspec.convert(given, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise Invalid(f"{error}.") from None


def _object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the request's body; empty where there is no body."""
    if not request.content_type and not request.read(1):
        return {}
    raw = body_of(request, MAX_CLIENT_FRAME)
    return read_object(raw) if raw else {}


def read_object(raw: bytes) -> dict[str, Any]:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("The body must be one JSON object, in UTF-8.") from None


def _refuse_nul(found: Request) -> None:
    """Not every database takes it."""
    for name in found.__struct_fields__:
        value = getattr(found, name)
        if isinstance(value, str) and "\0" in value:
            raise Invalid(f"“{name}” must not contain NUL.")
