"""Rooms whose people do two things in the same moment, and rooms of which nobody can be told."""

import asyncio
from threading import Event

import pytest
from django.db import connection, transaction

from chat import joining
from chat.models import Account, Conversation, Membership, Room
from chat.protocol import Conflict, Forbidden, Unavailable
from chat.rooms import making, membership, notices
from tests.client import WITHIN
from tests.database import Database
from tests.waiting import until

ROOM = "room:garden"
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture
def database(postgres, migrated_postgres, tmp_path, django_db_blocker) -> Database:
    """With Alice's garden, in which the others are, too."""
    url = postgres.new_database(migrated_postgres)
    database = Database(tmp_path, django_db_blocker, url)
    database.call(plant)
    return database


@pytest.fixture(autouse=True)
def _nobody_is_told(monkeypatch):
    """That they are is tested on real servers."""

    def tell(*args: object, **kwargs: object) -> None:
        raise Unavailable("The chat did not answer in time; try again.")

    for name in ("tell_membership", "tell_renewed"):
        monkeypatch.setattr(joining, name, tell)
    monkeypatch.setattr(notices, "tell", tell)


def plant() -> None:
    Account.objects.bulk_create(Account(name=name) for name in ("alice", "bob", "charlie"))
    making.create("alice", "garden", "Garden", False)
    for name in ("bob", "charlie"):
        membership.join(name, ROOM)


def roles() -> dict[str, str]:
    return dict(Membership.objects.filter(conversation=ROOM).values_list("account", "role"))


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


async def one_after_the_other(database: Database, first, second) -> None:
    """`second` begins when `first` has done all but its commit."""
    done, go_on = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            first()
            done.set()
            assert go_on.wait(WITHIN)

    async with asyncio.TaskGroup() as both:
        both.create_task(database.run(slowly))
        await until(done.is_set)
        both.create_task(database.run(second))
        try:
            await until(lambda: database.call(somebody_waits))
        finally:
            go_on.set()


async def test_who_hands_a_room_over_twice_at_once_does_so_once(database):
    def hand_to_charlie() -> None:
        with pytest.raises(Forbidden, match="Only owners"):
            membership.appoint("alice", ROOM, "charlie", "owner")

    await one_after_the_other(
        database, lambda: membership.appoint("alice", ROOM, "bob", "owner"), hand_to_charlie
    )
    assert database.call(roles) == {"alice": "moderator", "bob": "owner", "charlie": "member"}


async def test_who_leaves_while_handing_the_room_over_leaves_one_owner(database):
    database.call(lambda: membership.appoint("alice", ROOM, "charlie", "moderator"))

    def hand_to_bob() -> None:
        with pytest.raises(Forbidden, match="not in"):
            membership.appoint("alice", ROOM, "bob", "owner")

    await one_after_the_other(database, lambda: membership.leave("alice", ROOM), hand_to_bob)
    assert database.call(roles) == {"bob": "member", "charlie": "owner"}


async def test_whom_a_moderator_removes_in_the_moment_that_they_become_one_stays(database):
    database.call(lambda: membership.appoint("alice", ROOM, "bob", "moderator"))

    def remove() -> None:
        with pytest.raises(Forbidden, match="removes members only"):
            membership.remove("bob", ROOM, "charlie")

    await one_after_the_other(
        database, lambda: membership.appoint("alice", ROOM, "charlie", "moderator"), remove
    )
    assert database.call(roles)["charlie"] == "moderator"


def test_what_is_done_is_no_error_though_nobody_could_be_told(database):
    database.call(lambda: membership.remove("alice", ROOM, "bob"))
    assert "bob" not in database.call(roles)


def test_who_asks_again_for_a_room_just_made_is_told_that_it_is(database):
    def again(account: str = "alice", title: str = "Garden", private: bool = False) -> str:
        return making.create(account, "#Garden", title, private)

    def in_vain() -> None:
        for other in ({"account": "bob"}, {"title": "Orchard"}, {"private": True}):
            with pytest.raises(Conflict):
                again(**other)

    assert database.call(again) == ROOM
    database.call(in_vain)
    assert database.call(Conversation.objects.filter(pk=ROOM).count) == 1
    database.call(lambda: Room.objects.update(created_at="2026-01-01T00:00Z"))
    with pytest.raises(Conflict):
        database.call(again)
