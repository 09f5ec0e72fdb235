"""`POST /api/v1/accounts` and `/api/v1/tokens`: accounts and tokens for programs, as JSON.

No cookie counts here and none is set, so there is no CSRF to guard against. Every refusal is
`{"code", "detail"}` with the status of docs/protocol.md.
"""

import functools
from collections.abc import Callable
from typing import TypeVar

import msgspec
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from msgspec import Struct

from chat.accounts import registration, signin, throttle, tokens
from chat.accounts.answers import STATUS
from chat.accounts.forms import PASSWORD_MAX
from chat.models import Account
from chat.names import NAME_RULE, is_name, normalise
from chat.protocol import ChatError, Invalid, Unavailable

BODY_MAX = 8 * 1024
"""Bytes of a request's body."""


class Credentials(Struct, forbid_unknown_fields=True):
    username: str
    password: str

    def check(self) -> None:
        """Raise Invalid, naming the field, for what the types alone do not rule out."""
        self.username = normalise(self.username)
        if not is_name(self.username):
            raise Invalid(f"“username” must be {NAME_RULE}.")
        if not 1 <= len(self.password) <= PASSWORD_MAX:
            raise Invalid(f"“password” must be 1 to {PASSWORD_MAX} characters.")
        if "\0" in self.password:
            raise Invalid("“password” must not contain NUL.")


class NewAccount(Credentials, forbid_unknown_fields=True):
    invite: str = ""


class SignedIn(Struct):
    username: str
    token: str


class Refusal(Struct):
    code: str
    detail: str


Body = TypeVar("Body", bound=Credentials)
View = Callable[[HttpRequest], HttpResponse]


def _json(value: Struct, status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), status=status, content_type="application/json")


def _refusal(error: ChatError, status: int) -> HttpResponse:
    return throttle.with_retry_after(_json(Refusal(error.code, error.detail), status), error)


def _endpoint(view: View) -> View:
    """POST alone; refusals become JSON."""

    @csrf_exempt
    @never_cache
    @functools.wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            response = _refusal(Invalid("The method must be POST."), 405)
            response["Allow"] = "POST"
            return response
        try:
            return view(request)
        except ChatError as error:
            return _refusal(error, STATUS[error.code])
        except DatabaseError:
            return _refusal(Unavailable("The server cannot store now. Try again."), 503)

    return answer


@_endpoint
@sensitive_variables("body")
def accounts(request: HttpRequest) -> HttpResponse:
    body = _decode(request, NewAccount)
    registration.check_admitted(body.invite)
    name = _new_name(body.username)
    try:
        validate_password(body.password, Account(name=name))
    except ValidationError as error:
        raise Invalid(f"“password”: {' '.join(error.messages)}") from None
    throttle.take_new_account(request)
    account = registration.create(name, make_password(body.password), code=body.invite)
    return _json(SignedIn(name, tokens.issue(account)), 201)


def _new_name(name: str) -> str:
    try:
        return registration.check_name(name)
    except Invalid as error:
        raise Invalid(f"“username”: {error.detail}") from None


@_endpoint
@sensitive_variables("body")
def sign_in(request: HttpRequest) -> HttpResponse:
    body = _decode(request, Credentials)
    account = signin.verify(request, body.username, body.password)
    return _json(SignedIn(account.name, tokens.issue(account)), 201)


def _decode(request: HttpRequest, kind: type[Body]) -> Body:
    if request.content_type != "application/json":
        raise Invalid("The header Content-Type must be application/json.")
    raw = request.read(BODY_MAX + 1)
    if len(raw) > BODY_MAX:
        raise Invalid(f"The body must be at most {BODY_MAX} bytes.")
    try:
        body = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"{error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("The body must be one JSON object, in UTF-8.") from None
    body.check()
    return body
