"""`/api/v1/accounts` and `/api/v1/tokens`: accounts and tokens for programs, as JSON.

Where an account or a token is made no cookie counts, and none is set.
"""

import re
from typing import TypeVar

import msgspec
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.debug import sensitive_variables
from msgspec import Struct
from ninja import Router

from chat.accounts import registration, signin, throttle, tokens
from chat.accounts.forms import PASSWORD_MAX
from chat.accounts.titles import checked
from chat.api.answers import ShownToken, Tokens
from chat.api.doors import person
from chat.api.told import told
from chat.http_api import answer_json, answer_nothing, body_of
from chat.models import Account, Token
from chat.names import NAME_RULE, is_name, normalise
from chat.protocol import Invalid, NotFound, format_time

BODY_MAX = 8 * 1024
"""Bytes of a request's body."""
LABEL_MAX = Token._meta.get_field("label").max_length or 0
KEY = re.compile("[0-9]{1,18}")
OPEN = ("invalid", "forbidden", "rate_limited", "unavailable")
"""What is refused where nobody need have signed in."""

router = Router(tags=["accounts and tokens"])


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


class SignIn(Credentials, forbid_unknown_fields=True):
    label: str = ""

    def check(self) -> None:
        super().check()
        self.label = checked("label", self.label, LABEL_MAX)


class SignedIn(Struct):
    username: str
    token: str


Body = TypeVar("Body", bound=Credentials)


@router.post(
    "/accounts",
    auth=None,
    **told("POST", SignedIn, 201, asks=NewAccount, refuses=["conflict"], always=OPEN),
)
@sensitive_variables("body")
def sign_up(request: HttpRequest) -> HttpResponse:
    """Make an account, and a token of it."""
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


@router.post(
    "/tokens",
    auth=None,
    **told("POST", SignedIn, 201, asks=SignIn, refuses=["unauthenticated"], always=OPEN),
)
@sensitive_variables("body")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Make a token, by name and password; `label` says what it is for."""
    body = _decode(request, SignIn)
    account = signin.verify(request, body.username, body.password)
    return answer_json(SignedIn(account.name, tokens.issue(account, body.label)), 201)


@router.get("/tokens", **told("GET", Tokens))
def list_tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, the newest first: not the tokens themselves, which are kept nowhere."""
    mine = Token.objects.filter(account=person(request))
    shown = [ShownToken(token.pk, token.label, format_time(token.created_at)) for token in mine]
    return answer_json(Tokens(shown))


@router.delete("/tokens/{token}", **told("DELETE", None, 204, refuses=["not_found"]))
def revoke_token(request: HttpRequest, token: str) -> HttpResponse:
    """What uses the token is signed out, at once. The `id` of the list names it."""
    mine = Token.objects.filter(account=person(request))
    found = mine.filter(pk=int(token)).first() if KEY.fullmatch(token) else None
    if found is None:
        raise NotFound("You have no such token.")
    tokens.revoke(found)
    return answer_nothing()


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
