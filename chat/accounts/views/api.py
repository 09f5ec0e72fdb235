"""`POST /api/v1/accounts` and `/api/v1/tokens`: accounts and tokens for programs, as JSON.

No cookie counts here and none is set.
"""

from typing import TypeVar

import msgspec
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from msgspec import Struct

from chat.accounts import registration, signin, throttle, tokens
from chat.accounts.forms import PASSWORD_MAX
from chat.http_api import answer_json, body_of, endpoint
from chat.models import Account
from chat.names import NAME_RULE, is_name, normalise
from chat.protocol import Invalid

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


Body = TypeVar("Body", bound=Credentials)


@endpoint("POST")
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
    return answer_json(SignedIn(name, tokens.issue(account)), 201)


def _new_name(name: str) -> str:
    try:
        return registration.check_name(name)
    except Invalid as error:
        raise Invalid(f"“username”: {error.detail}") from None


@endpoint("POST")
@sensitive_variables("body")
def sign_in(request: HttpRequest) -> HttpResponse:
    body = _decode(request, Credentials)
    account = signin.verify(request, body.username, body.password)
    return answer_json(SignedIn(account.name, tokens.issue(account)), 201)


def _decode(request: HttpRequest, kind: type[Body]) -> Body:
    raw = body_of(request, BODY_MAX)
    try:
        body = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"{error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Invalid("The body must be one JSON object, in UTF-8.") from None
    body.check()
    return body
