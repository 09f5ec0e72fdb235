"""Whom a connection is told of: its partners, and those whom it has listed of late."""

import asyncio

import pytest

from chat.connection import Connection
from chat.identity import TOKEN, Credential, Identity
from chat.presence import MOST_VIEWED, PresenceBoard


async def send(event: dict) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def connection() -> Connection:
    identity = Identity("alice", "alice", "person", Credential(TOKEN, "alice"), "")
    return Connection(identity, send, lambda _: None, lambda: None)


def test_of_those_listed_the_last_are_watched_and_partners_always(connection):
    board = PresenceBoard()
    pages = [[f"p{page}-{number}" for number in range(200)] for page in range(10)]
    board.watch(connection, ["bob", "charlie"])
    for page in pages:
        board.view(connection, [*page, "bob"])
    last = {name for page in pages[-MOST_VIEWED // 200 :] for name in page}
    assert connection.watching == {"bob", "charlie"} | last
    assert board.watchers(pages[0][0]) == []
    assert board.watchers(pages[-1][0]) == board.watchers("bob") == [connection]


def test_who_was_listed_and_is_a_partner_now_goes_on_being_watched(connection):
    board = PresenceBoard()
    board.view(connection, ["bob"])
    board.watch(connection, ["bob"])
    board.view(connection, [f"p{number}" for number in range(MOST_VIEWED)])
    assert "bob" in connection.watching
    board.ignore(connection, "p0")
    assert board.watchers("p0") == []
