"""Who subscribes while a device is hidden from them has either done so before, or does not."""

import asyncio
from threading import Event

import pytest
from django.db import connection, transaction

from chat import joining
from chat.models import Account, Membership
from chat.protocol import Message
from devices import desk, registration
from devices.ids import feed_of
from devices.models import Answer, Device
from devices.visibility import locked
from tests.client import WITHIN
from tests.waiting import until

WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str]]:
    """Who is told to have left what. That it reaches sockets is tested on a real server."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(joining, "tell_left", lambda *place: said.append(place))
    return said


def hide(device: str) -> None:
    registration.show_to(Device.objects.get(pk=device), [])


def is_subscribed(household, device: str, person: str) -> bool:
    rows = Membership.objects.filter(account=person, conversation=feed_of(device))
    return household.call(rows.exists)


def test_what_was_hidden_since_it_was_looked_at_is_not_joined(household):
    name, alice = household.device(), household.person("alice")
    question = Message(f"of-{alice}", "dm", 1, alice, "text", "subscribe", None, "")

    def decide() -> Answer | None:
        device = Device.objects.select_related("account").get(pk=name)
        person = Account.objects.get(pk=alice)
        hide(name)
        return desk._decide(device, person, question)

    assert household.call(decide) is None
    assert not is_subscribed(household, name, alice)
    assert not household.call(Answer.objects.filter(pk=question.id).exists)


@pytest.mark.parametrize("own_household", ["postgres"], indirect=True)
async def test_who_is_just_joining_while_it_is_hidden_is_taken_out(own_household, told):
    name, alice = own_household.device(visible_to_all=False), own_household.person("alice")
    joined, go_on = Event(), Event()

    def join_slowly() -> None:
        with transaction.atomic():
            locked(name)
            joining.join(alice, feed_of(name))
            joined.set()
            assert go_on.wait(WITHIN)

    def hide_as_the_admin_does() -> None:
        with transaction.atomic():
            registration.keep_hidden(Device.objects.get(pk=name))

    async with asyncio.TaskGroup() as both:
        both.create_task(asyncio.to_thread(own_household.call, join_slowly))
        await until(joined.is_set)
        both.create_task(asyncio.to_thread(own_household.call, hide_as_the_admin_does))
        await until(lambda: own_household.call(somebody_waits))
        go_on.set()
    assert not is_subscribed(own_household, name, alice)
    assert told == [(alice, feed_of(name))]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
