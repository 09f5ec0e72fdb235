"""Who is connecting: the session cookie of a browser, or the bearer token of a program."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http.cookie import parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from chat import sql
from chat.gathering import Gathering
from chat.models import Account, Token
from chat.models.account import shown_title
from chat.models.token import digest_of

SESSIONS = """
    SELECT session_key, session_data FROM django_session
    WHERE session_key IN ({}) AND expire_date > %s
"""
PEOPLE = """
    SELECT name, title, kind, password FROM chat_account
    WHERE name IN ({}) AND is_active AND deleted_at IS NULL
"""
HOLDERS = """
    SELECT t.digest, a.name, a.title, a.kind, a.password
    FROM chat_token t JOIN chat_account a ON a.name = t.account_id
    WHERE t.digest IN ({}) AND a.is_active AND a.deleted_at IS NULL
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


def identify(credentials: Collection[Credential]) -> dict[Credential, Identity]:
    """The accounts behind `credentials`, without those that let nobody in (any more).

    At most three queries, however many connect at once.
    """
    tokens = [c for c in credentials if c.kind == TOKEN]
    sessions = [c for c in credentials if c.kind == SESSION]
    return _by_tokens(tokens) | _by_sessions(sessions)


def _by_tokens(credentials: list[Credential]) -> dict[Credential, Identity]:
    digests = [credential.key for credential in credentials]
    return {
        Credential(TOKEN, digest): _identity(Credential(TOKEN, digest), *person)
        for digest, *person in _rows(HOLDERS, digests)
    }


def _by_sessions(credentials: list[Credential]) -> dict[Credential, Identity]:
    """As `django.contrib.auth.get_user` does it, for many, and in raw reads."""
    now = sql.to_column(timezone.now())
    rows = _rows(SESSIONS, [credential.key for credential in credentials], now)
    sessions = {key: SessionStore().decode(data) for key, data in rows}
    names = {session.get(auth.SESSION_KEY) or "" for session in sessions.values()}
    people = {row[0]: row for row in _rows(PEOPLE, list(names))}
    found = {}
    for key, session in sessions.items():
        person = people.get(session.get(auth.SESSION_KEY))
        if person and _was_signed_in_with(person[3], session.get(auth.HASH_SESSION_KEY, "")):
            found[Credential(SESSION, key)] = _identity(Credential(SESSION, key), *person)
    return found


def _rows(statement: str, keys: list[str], *more: Any) -> list[tuple[Any, ...]]:
    return sql.rows(statement.format(sql.marks(keys)), [*keys, *more]) if keys else []


def _identity(credential: Credential, name: str, title: str, kind: str, password: str) -> Identity:
    return Identity(name, shown_title(name, title, None), kind, credential, password)


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


def _identify_each(credentials: Sequence[Credential]) -> list[Identity | None]:
    found = identify(credentials)
    return [found.get(credential) for credential in credentials]


identities: Gathering[Credential, Identity | None] = Gathering(_identify_each)
"""Who connects is looked up with whoever else connects in that moment: always afresh, and yet
without a query for each."""
