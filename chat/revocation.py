"""Ends sockets whose right to be open has ended, in every process. From any thread of any."""

from collections.abc import Callable

from chat import errands, news, renaming
from chat.connection import Connection
from chat.hub import hub
from chat.identity import SESSION, TOKEN
from chat.models.token import digest_of
from chat.path import writer
from chat.protocol import Close


def session_ended(session_key: str) -> None:
    """Close the sockets of one browser session: its person signed out."""
    news.tell("session_ended", digest=digest_of(session_key))  # the key itself lets people in


def token_revoked(digest: str) -> None:
    """Close the sockets that a token opened."""
    news.tell("token_revoked", digest=digest)


def account_ended(name: str) -> None:
    """Close all sockets of an account: those that go on have to identify themselves anew."""
    news.tell("account_ended", name=name)


def account_renamed(name: str, title: str) -> None:
    """Tell the others of a new display name."""
    news.tell("account_renamed", name=name, title=title)


@news.on("session_ended")
def _close_session(digest: str) -> None:
    _close(lambda c: c.identity.credential.kind == SESSION
           and digest_of(c.identity.credential.key) == digest)  # fmt: skip


@news.on("token_revoked")
def _close_token(digest: str) -> None:
    _close(lambda c: c.identity.credential == (TOKEN, digest))


@news.on("account_ended")
def _close_account(name: str) -> None:
    _close(lambda c: c.account == name)
    writer.forget_account(name)


@news.on("account_renamed")
def _rename(name: str, title: str) -> None:
    errands.run(renaming.announce(name, title))


def _close(concerned: Callable[[Connection], bool]) -> None:
    for connection in hub:
        if concerned(connection):
            connection.close(Close.SIGNED_OUT)
