"""Who has joined what, where news come while the database is read: sockets can't time that."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from chat import errands, joining
from chat.backplane.inbox import inbox
from chat.backplane.news import Entered, Parted
from chat.connection import Connection
from chat.cursors import Cursors, Position
from chat.gathering import Gathering
from chat.hub import hub
from chat.identity import TOKEN, Credential, Identity
from chat.joined import Joined, Place, joined
from chat.models import Account, Conversation, Membership, Room
from chat.overview import Overview, overviews_of
from chat.protocol import Conversation as Conversation_
from chat.seqs import last_seqs
from chat.store import Tip
from chat.threads import READERS, read
from tests.waiting import until

FEED, OTHER = "device:t1", "device:t2"
WITHIN = 10
COMMITTING = pytest.mark.django_db(
    transaction=True, serialized_rollback=True, databases=["default", "messages"]
)


class Memberships:
    """What the database says; it is asked, and answers when it is let."""

    def __init__(self, *answers: dict[str, int]) -> None:
        self._answers = list(answers)
        self.asked = threading.Event()
        self.go = threading.Event()

    def __call__(self, accounts: list[str]) -> list[dict[str, int]]:
        found = self._answers.pop(0)
        self.asked.set()
        assert self.go.wait(WITHIN)
        return [found for _ in accounts]


@pytest.fixture
def database(monkeypatch):
    def says(*answers: dict[str, int]) -> Memberships:
        memberships = Memberships(*answers)
        monkeypatch.setattr(joining, "memberships", Gathering(memberships))
        return memberships

    return says


@asynccontextmanager
async def connected(name: str = "alice") -> AsyncIterator[tuple[Connection, list[dict]]]:
    """Somebody's connection to this process, after its hello, and the frames that it is sent."""
    sent: list[dict] = []

    async def send(event: dict) -> None:
        sent.append(json.loads(event["text"]))

    identity = Identity(name, name, "person", Credential(TOKEN, name), "")
    connection = Connection(identity, send, lambda _: None, lambda: None)
    hub.add(connection)
    connection.open('{"type":"hello"}')
    try:
        yield connection, sent
    finally:
        hub.remove(connection)
        joined.forget(name)
        connection.forget()


async def loading(database: Memberships) -> asyncio.Task[None]:
    """Somebody's memberships are being read."""
    task = asyncio.create_task(joining.load("alice"))
    await asyncio.to_thread(database.asked.wait, WITHIN)
    return task


async def test_who_joins_while_it_is_read_has_joined(database):
    async with connected():
        memberships = database({}, {FEED: Place(1)})
        task = await loading(memberships)
        joined.note("alice")
        memberships.go.set()
        await task
        assert joined.here(FEED) == ["alice"]


async def test_who_leaves_while_it_is_read_has_left(database):
    async with connected():
        memberships = database({FEED: Place(1), OTHER: Place(1)}, {OTHER: Place(1)})
        task = await loading(memberships)
        joined.remove("alice", FEED)
        memberships.go.set()
        await task
        assert joined.of("alice") == {OTHER: Place(1)}
        assert joined.here(FEED) == []


async def test_of_who_is_gone_before_it_is_read_nothing_is_kept(database):
    async with connected():
        memberships = database({FEED: Place(1)})
        task = await loading(memberships)
    memberships.go.set()
    await task
    assert joined.here(FEED) == []
    assert not joined.knows("alice")


async def test_what_was_read_before_somebody_went_and_came_back_is_outdated(database):
    async with connected():
        memberships = database({}, {FEED: Place(1)}, {FEED: Place(1)})
        first = await loading(memberships)
        joined.note("alice")
    async with connected():
        again = asyncio.create_task(joining.load("alice"))
        memberships.go.set()
        await asyncio.gather(first, again)
        assert joined.here(FEED) == ["alice"]


def test_what_the_recheck_read_before_news_came_is_outdated():
    here = Joined()
    here.put("alice", {FEED: Place(1)})
    before = here.news_of("alice")
    here.remove("alice", FEED)
    here.forget("alice")
    here.put("alice", {FEED: Place(1)})
    assert here.news_of("alice") != before


def test_nothing_is_left_of_those_who_went():
    here = Joined()
    here.put("alice", {FEED: Place(1)})
    here.put("bob", {FEED: Place(1), OTHER: Place(1)})
    here.forget("alice")
    assert (here.here(FEED), here.of("alice")) == (["bob"], {})
    here.add("alice", FEED, Place(1))  # news of somebody who is not here
    assert here.here(FEED) == ["bob"]
    here.forget("bob")
    assert here.here(OTHER) == []


def test_what_is_from_before_somebody_joined_is_not_for_them():
    here = Joined()
    here.put("alice", {FEED: Place(6)})
    here.put("bob", {FEED: Place(1)})
    assert here.receivers(FEED, 5) == ["bob"]
    assert here.receivers(FEED, 6) == ["alice", "bob"]
    assert here.receivers(OTHER, 6) == []


@COMMITTING
async def test_who_left_before_the_feed_could_be_read_is_not_told_that_they_are_in_it():
    """Else the `conversation` of a slow look-up would follow the `left`, and stay."""
    await sync_to_async(subscribe)()
    async with connected() as (connection, sent):
        await joining.load("alice")
        go = threading.Event()
        busy = [read(go.wait, WITHIN) for _ in range(READERS)]
        entering = asyncio.create_task(joining.enter("alice", FEED))
        await asyncio.sleep(0)
        await sync_to_async(joining.leave)("alice", FEED)
        joining.part("alice", FEED)
        go.set()
        await asyncio.gather(entering, *busy)
        await connection.drained()
        assert [frame["type"] for frame in sent] == ["hello", "left"]


@COMMITTING
async def test_news_of_leaving_that_come_after_one_has_joined_again_change_nothing(monkeypatch):
    """Another process told that Alice left, and was slower than the one where she came back."""
    async with reading(monkeypatch) as (connection, sent, cursors):
        inbox.receive("another process", Parted("alice", FEED))
        assert joined.here(FEED) == []  # nothing reaches her before it is known
        await until(lambda: joined.here(FEED) == ["alice"])
        await connection.drained()
        assert [frame["type"] for frame in sent] == ["hello", "received", "read", "conversation"]
        assert cursors.of("alice") == {FEED: Position(3, 2)}


@COMMITTING
async def test_news_of_leaving_that_are_true_are_told_and_no_cursor_comes_after_them(monkeypatch):
    async with reading(monkeypatch) as (connection, sent, cursors):
        await sync_to_async(joining.leave)("alice", FEED)
        inbox.receive("another process", Parted("alice", FEED))
        await until(lambda: len(sent) == 4)
        assert cursors.of("alice") == {}
        cursors.moved_elsewhere("alice", FEED, Position(4, 4))  # sent before it was heard of there
        await connection.drained()
        assert [frame["type"] for frame in sent] == ["hello", "received", "read", "left"]


@COMMITTING
async def test_of_what_one_joined_one_is_told_once_however_it_is_heard():
    """The recheck finds it in the database before the news of it come."""
    await sync_to_async(subscribe)()
    async with connected() as (connection, sent):
        joined.put("alice", {})
        await joining.reload("alice", {FEED: Place(1)}, joined.news_of("alice"))
        inbox.receive("another process", Entered("alice", FEED))
        await until(lambda: not errands._under_way)
        await connection.drained()
        assert [frame["type"] for frame in sent] == ["hello", "conversation"]


@COMMITTING
async def test_what_is_said_while_one_joins_is_not_missed(monkeypatch):
    """A message that came between the look-up and its answer: it was for nobody here."""
    await sync_to_async(subscribe)()
    last_seqs.forget()
    async with connected() as (connection, sent):
        await joining.load("alice")
        joined.remove("alice", FEED)
        last_seqs.note(FEED, Tip(1, "id 1"))
        await joining.enter("alice", FEED)
        await connection.drained()
        assert [frame["type"] for frame in sent] == ["hello", "conversation", "resync"]
    last_seqs.forget()


@asynccontextmanager
async def reading(monkeypatch) -> AsyncIterator[tuple[Connection, list[dict], Cursors]]:
    """Alice is subscribed, and has come to 3 and 2, which is not saved yet."""
    await sync_to_async(subscribe)()
    monkeypatch.setattr(joining, "cursors", cursors := Cursors())
    async with connected() as (connection, sent):
        await joining.load("alice")
        cursors.moved_elsewhere("alice", FEED, Position(3, 2))
        yield connection, sent, cursors


def subscribe() -> None:
    Account.objects.bulk_create([Account(name="alice"), Account(name="t1", kind="device")])
    Conversation.objects.create(id=FEED, kind=Conversation.Kind.DEVICE)
    assert joining.join("alice", FEED)


# ---- what is new about a conversation ---------------------------------------------------------


class Overviews:
    """What the database says of how members see a conversation; it answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.answers = [threading.Event(), threading.Event()]

    def __call__(self, conversation: str, known: dict[str, object]) -> dict[str, Overview]:
        self.asked.append(list(known))
        number = len(self.asked)
        if number <= len(self.answers):
            assert self.answers[number - 1].wait(WITHIN)
        shown = Conversation_(FEED, f"title {number}", 1, 0, "", 0, 0, 0)
        return {name: Overview([shown], [], False) for name in known}


@pytest.fixture
def overviews(monkeypatch) -> Overviews:
    made = Overviews()
    monkeypatch.setattr(joining, "overviews_of", made)
    return made


async def test_what_was_read_before_there_was_something_newer_is_not_shown(overviews):
    async with connected() as (connection, sent):
        joined.put("alice", {FEED: Place(1)})
        older = asyncio.create_task(joining.renew(FEED))
        await until(lambda: len(overviews.asked) == 1)
        newer = asyncio.create_task(joining.renew(FEED, "alice"))
        await until(lambda: len(overviews.asked) == 2)
        overviews.answers[1].set()
        await newer
        overviews.answers[0].set()
        await older
        await connection.drained()
        titles = [frame["conversation"]["title"] for frame in sent[1:]]
        assert titles == ["title 2", "title 3"]


async def test_a_renewal_of_a_big_room_ends_where_a_newer_one_begins(overviews, monkeypatch):
    monkeypatch.setattr(joining, "SHOWN_AT_ONCE", 1)
    async with connected("alice"), connected("bob"):
        for name in ("alice", "bob"):
            joined.put(name, {FEED: Place(1)})
        older = asyncio.create_task(joining.renew(FEED))
        await until(lambda: len(overviews.asked) == 1)
        newer = asyncio.create_task(joining.renew(FEED))
        await until(lambda: len(overviews.asked) == 2)
        for answer in overviews.answers:
            answer.set()
        await asyncio.gather(older, newer)
        assert overviews.asked.count(["bob"]) == 1


@pytest.mark.django_db(databases=["default", "messages"])
@pytest.mark.parametrize("members", [1, 100])
def test_however_many_see_it_costs_the_same_few_queries(members, django_assert_num_queries):
    names = [f"member{number}" for number in range(members)]
    Account.objects.bulk_create(Account(name=name) for name in names)
    garden = Conversation.objects.create(id="room:garden", kind=Conversation.Kind.ROOM)
    Room.objects.create(conversation=garden, title="Garden")
    Membership.objects.bulk_create(
        Membership(account_id=name, conversation=garden, joined_at=timezone.now()) for name in names
    )
    with django_assert_num_queries(2):
        found = overviews_of("room:garden", {name: {} for name in names})
    assert [each.conversations[0].title for each in found.values()] == ["Garden"] * members
