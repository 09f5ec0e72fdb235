"""Whom a connection is told of: its partners, and those whom it has listed of late."""

import asyncio
from datetime import UTC, datetime

import pytest

from chat import contacts
from chat.backplane.news import Came
from chat.connection import Connection
from chat.hub import hub
from chat.identity import TOKEN, Credential, Identity
from chat.presence import MOST_VIEWED, PresenceBoard
from tests.waiting import until


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


async def test_who_leaves_comes_back_and_leaves_again_has_the_whole_grace_once_more():
    board = PresenceBoard()
    board.came("another", Came("bob", "Bob", "person"))
    board.left("another", "bob", datetime.now(UTC))
    first = board._leaving["bob"]
    board.came("another", Came("bob", "Bob", "person"))
    board.left("another", "bob", datetime.now(UTC))
    assert first.cancelled()
    assert board.online == 1
    await until(lambda: board.online == 0)
    assert board._leaving == {}


async def test_who_is_yet_to_get_their_hello_is_told_of_a_new_device_there_alone(
    connection, monkeypatch
):
    monkeypatch.setattr(contacts, "presence", board := PresenceBoard())
    hub.add(connection)
    try:
        known = contacts.Contacts()
        known._take({"t9": contacts.Contact("t9", "T9", "device", True, None, None)})
        assert board.watchers("t9") == []
        connection.open("the hello, of before")
        known._take({"t8": contacts.Contact("t8", "T8", "device", True, None, None)})
        assert board.watchers("t8") == [connection]
    finally:
        hub.remove(connection)
        connection.forget()
