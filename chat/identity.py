"""Who is connecting: the session cookie of a browser, or the bearer token of a program."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from chat import sql
from chat.models import Account, Token
from chat.models.account import shown_title
from chat.models.token import digest_of

SESSION_DATA = """
    SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s
"""
PERSON = """
    SELECT name, title, kind, password FROM chat_account
    WHERE name = %s AND is_active AND deleted_at IS NULL
"""
HOLDER = """
    SELECT a.name, a.title, a.kind, a.password
    FROM chat_token t JOIN chat_account a ON a.name = t.account_id
    WHERE t.digest = %s AND a.is_active AND a.deleted_at IS NULL
"""


class Credential(NamedTuple):
    """What a connection proves itself with: a session's key, or a token's digest."""

    kind: str
    key: str


SESSION, TOKEN = "session", "token"


class Identity(NamedTuple):
    """Who a connection speaks for, and by what right."""

    name: str
    title: str
    kind: str
    credential: Credential
    password: str
    """The stored password hash: a session ends when it changes."""


def credential_of(headers: Sequence[tuple[bytes, bytes]]) -> Credential | None:
    """The credential in an ASGI connection's headers; with a bearer token the cookie is ignored."""
    found = dict(headers)
    scheme, _, value = found.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return Credential(TOKEN, digest_of(value.strip()))
    cookies = "; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie")
    session = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    return Credential(SESSION, session) if session else None


def identify(credential: Credential) -> Identity | None:
    """The account behind `credential`; None where there is none (any more). Reads the database."""
    if credential.kind == TOKEN:
        return _by_token(credential)
    return _by_session(credential)


def _by_token(credential: Credential) -> Identity | None:
    for name, title, kind, password in sql.rows(HOLDER, [credential.key]):
        return Identity(name, shown_title(name, title, None), kind, credential, password)
    return None


def _by_session(credential: Credential) -> Identity | None:
    """As `django.contrib.auth.get_user` does it, in two raw reads instead of two ORM queries."""
    now = sql.to_column(timezone.now())
    for (data,) in sql.rows(SESSION_DATA, [credential.key, now]):
        session = SessionStore().decode(data)
        for name, title, kind, password in sql.rows(PERSON, [session.get(auth.SESSION_KEY)]):
            if _was_signed_in_with(password, session.get(auth.HASH_SESSION_KEY, "")):
                title = shown_title(name, title, None)
                return Identity(name, title, kind, credential, password)
    return None


def _was_signed_in_with(password: str, session_hash: str) -> bool:
    account = Account(password=password)
    hashes = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, known) for known in hashes)


def still_valid(identities: Iterable[Identity]) -> set[Identity]:
    """Those of `identities` whose session or token, and account, still let them in.

    Two or three queries for all of them. News of an ending can be lost; this is what makes it
    take effect all the same.
    """
    known = set(identities)
    keys = {kind: {i.credential.key for i in known if i.credential.kind == kind}
            for kind in (SESSION, TOKEN)}  # fmt: skip
    sessions = Session.objects.filter(
        session_key__in=keys[SESSION], expire_date__gt=timezone.now()
    ).values_list("session_key", flat=True)
    tokens = Token.objects.filter(digest__in=keys[TOKEN]).values_list("digest", flat=True)
    valid = {Credential(SESSION, key) for key in sessions} if keys[SESSION] else set()
    valid |= {Credential(TOKEN, key) for key in tokens} if keys[TOKEN] else set()
    passwords = dict(
        Account.objects.filter(
            name__in={i.name for i in known}, is_active=True, deleted_at=None
        ).values_list("name", "password")
    )
    return {i for i in known if i.credential in valid and passwords.get(i.name) == i.password}
