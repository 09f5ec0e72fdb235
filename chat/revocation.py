"""Ends sockets whose right to be open has ended. May be called from any thread, in any process:
where no socket lives, nothing happens."""

from collections.abc import Callable

from chat.connection import Connection
from chat.hub import hub
from chat.identity import SESSION, TOKEN, Credential
from chat.path import writer
from chat.presence import presence
from chat.protocol import Close


def session_ended(session_key: str) -> None:
    """Close the sockets of one browser session: its person signed out."""
    _close(lambda connection: connection.identity.credential == Credential(SESSION, session_key))


def token_revoked(digest: str) -> None:
    """Close the sockets that a token opened."""
    _close(lambda connection: connection.identity.credential == Credential(TOKEN, digest))


def account_ended(name: str, besides_session: str | None = None) -> None:
    """Close all sockets of an account, but for those of one session where it is to go on."""
    kept = Credential(SESSION, besides_session or "")
    _close(lambda c: c.account == name and c.identity.credential != kept)
    _on_loop(lambda: writer.forget_account(name))


def account_renamed(name: str, title: str) -> None:
    """Tell the others of a new display name."""
    _on_loop(lambda: presence.rename(name, title))


def _close(concerned: Callable[[Connection], bool]) -> None:
    def close() -> None:
        for connection in hub:
            if concerned(connection):
                connection.close(Close.SIGNED_OUT)

    _on_loop(close)


def _on_loop(call: Callable[[], None]) -> None:
    if hub.loop is not None and not hub.loop.is_closed():
        hub.loop.call_soon_threadsafe(call)
