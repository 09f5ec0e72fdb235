"""Ends sockets whose right to be open has ended. May be called from any thread, in any process:
where no socket lives, nothing happens."""

import asyncio
from collections.abc import Callable

from chat import renaming
from chat.connection import Connection
from chat.hub import hub
from chat.identity import SESSION, TOKEN, Credential
from chat.path import writer
from chat.protocol import Close

_telling: set[asyncio.Task[None]] = set()
"""Tasks under way: the event loop itself keeps no hold of them."""


def session_ended(session_key: str) -> None:
    """Close the sockets of one browser session: its person signed out."""
    _close(lambda connection: connection.identity.credential == Credential(SESSION, session_key))


def token_revoked(digest: str) -> None:
    """Close the sockets that a token opened."""
    _close(lambda connection: connection.identity.credential == Credential(TOKEN, digest))


def account_ended(name: str) -> None:
    """Close all sockets of an account: those that go on have to identify themselves anew."""
    _close(lambda connection: connection.account == name)
    _on_loop(lambda: writer.forget_account(name))


def account_renamed(name: str, title: str) -> None:
    """Tell the others of a new display name."""

    def tell() -> None:
        task = asyncio.get_running_loop().create_task(renaming.announce(name, title))
        _telling.add(task)
        task.add_done_callback(_telling.discard)

    _on_loop(tell)


def _close(concerned: Callable[[Connection], bool]) -> None:
    def close() -> None:
        for connection in hub:
            if concerned(connection):
                connection.close(Close.SIGNED_OUT)

    _on_loop(close)


def _on_loop(call: Callable[[], None]) -> None:
    if hub.loop is not None and not hub.loop.is_closed():
        hub.loop.call_soon_threadsafe(call)
