"""Who tells of a membership later than another did tells what is so by now."""

import pytest

from chat import joining
from chat.models import Account, Membership
from chat.protocol import Message
from devices import desk, registration
from devices.commands import JOINED, LEFT
from devices.models import Device

pytestmark = pytest.mark.django_db(databases=["default", "messages"])
FEED = "device:kitchen"
QUESTION = Message("1", "dm:alice:kitchen", 1, "alice", "text", "subscribe", None, "")


@pytest.fixture
def device(db) -> Device:
    made = Device(unit="°C")
    registration.add(made, "kitchen", "Kitchen")
    return made


@pytest.fixture
def alice(db) -> Account:
    return Account.objects.create_user("alice")


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """What is told of Alice: that it reaches sockets is tested on real servers."""
    said: list[str] = []
    for name in ("tell_joined", "tell_left"):
        monkeypatch.setattr(joining, name, lambda account, feed, name=name: said.append(name))
    return said


def test_that_somebody_joined_is_not_told_once_they_have_left(device, alice, told):
    """As by a process that came to tell of it only after another carried out the next command."""
    desk._tell(JOINED, device, alice, QUESTION)
    assert told == ["tell_left"]


def test_that_somebody_left_is_not_told_once_they_have_joined_again(device, alice, told):
    joining.join(alice.name, FEED)
    desk._tell(LEFT, device, alice, QUESTION)
    assert told == ["tell_joined"]


def test_what_changes_while_it_is_told_is_told_too(device, alice, told, monkeypatch):
    def leave_meanwhile(account: str, feed: str) -> None:
        told.append("tell_joined")
        Membership.objects.filter(account=account, conversation=feed).delete()

    monkeypatch.setattr(joining, "tell_joined", leave_meanwhile)
    joining.join(alice.name, FEED)
    desk._tell(JOINED, device, alice, QUESTION)
    assert told == ["tell_joined", "tell_left"]


def test_other_commands_tell_nothing(device, alice, told):
    desk._tell("", device, alice, QUESTION)
    assert told == []
