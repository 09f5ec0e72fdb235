"""JSON over HTTP: who asks, reading a body, answering with a struct, and refusing with
`{"code", "detail"}`."""

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct

from chat import identity
from chat.accounts.throttle import with_retry_after
from chat.protocol import ChatError, Invalid, Unauthenticated

SIGN_IN = "Sign in first, or send the header Authorization: Bearer TOKEN."


class Refusal(Struct):
    code: str
    detail: str


def answer_json(value: Struct, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")


def answer_nothing() -> HttpResponse:
    """It is done, and there is nothing to tell."""
    return HttpResponse(status=204)


def refusal(error: ChatError, status: int) -> HttpResponse:
    return with_retry_after(answer_json(Refusal(error.code, error.detail), status), error)


def body_of(request: HttpRequest, most: int) -> bytes:
    """The request's JSON, of `most` bytes at the most; raises Invalid."""
    if request.content_type != "application/json":
        raise Invalid("The header Content-Type must be application/json.")
    return read_body(request, most)


def read_body(request: HttpRequest, most: int) -> bytes:
    """Of whatever kind; raises Invalid."""
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
