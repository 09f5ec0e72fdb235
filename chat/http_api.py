"""JSON over HTTP: who asks, reading a body, answering with a struct, and refusing with
`{"code", "detail"}`."""

import functools
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from chat import identity
from chat.accounts.answers import STATUS
from chat.accounts.throttle import with_retry_after
from chat.protocol import ChatError, Invalid, Unauthenticated, Unavailable

SIGN_IN = "Sign in first, or send the header Authorization: Bearer TOKEN."

View = Callable[..., HttpResponse]


class Refusal(Struct):
    code: str
    detail: str


def answer_json(value: Struct, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")


def refusal(error: ChatError, status: int) -> HttpResponse:
    return with_retry_after(answer_json(Refusal(error.code, error.detail), status), error)


def endpoint(*methods: str) -> Callable[[View], View]:
    """A view for these methods, whose refusals become JSON with the status of docs/protocol.md.

    No form of a page comes here. So a view either changes nothing, or lets no cookie count:
    there is no CSRF to guard against.
    """

    def declare(view: View) -> View:
        @csrf_exempt
        @never_cache
        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return _other_method(methods)
            try:
                return view(request, *args, **kwargs)
            except ChatError as error:
                return refusal(error, STATUS[error.code])
            except DatabaseError:
                unavailable = Unavailable("The server cannot store now. Try again.")
                return refusal(unavailable, STATUS[unavailable.code])

        return answer

    return declare


def _other_method(methods: tuple[str, ...]) -> HttpResponse:
    response = refusal(Invalid(f"The method must be {' or '.join(methods)}."), 405)
    response["Allow"] = ", ".join(methods)
    return response


def body_of(request: HttpRequest, most: int) -> bytes:
    """The request's JSON, of `most` bytes at the most; raises Invalid."""
    if request.content_type != "application/json":
        raise Invalid("The header Content-Type must be application/json.")
    raw: bytes = request.read(most + 1)
    if len(raw) > most:
        raise Invalid(f"The body must be at most {most} bytes.")
    return raw


def person_of(request: HttpRequest) -> str:
    """The name of the account, by what a WebSocket takes; with a token the cookie is ignored.

    Raises Unauthenticated.
    """
    headers = [(b"authorization", header(request)), (b"cookie", header(request, "COOKIE"))]
    credential = identity.credential_of(headers)
    found = identity.identify([credential]) if credential else {}
    if credential is None or credential not in found:
        raise Unauthenticated(SIGN_IN)
    return found[credential].name


def header(request: HttpRequest, name: str = "AUTHORIZATION") -> bytes:
    """As it was sent."""
    return str(request.META.get(f"HTTP_{name}", "")).encode("latin-1", "replace")
