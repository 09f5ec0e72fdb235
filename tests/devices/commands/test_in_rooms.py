"""What a device answers in a room, and what is not for all to be told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chat import joining
from chat.models import Account, Conversation, Membership, Room
from chat.protocol import Forbidden, NotFound
from chat.rooms import guests
from devices import commands, registration
from devices.commands import in_rooms
from devices.models import Device, Threshold

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

NOW = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)
ROOM = "room:garden"


@pytest.fixture
def device(db) -> Device:
    """In a room of Alice's with Bob."""
    made = Device(unit="°C", last_value=21.4, last_seq=1, last_at=NOW - timedelta(seconds=40))
    registration.add(made, "kitchen", "Kitchen")
    Room.objects.create(
        conversation=Conversation.objects.create(id=ROOM, kind=Conversation.Kind.ROOM), title="G"
    )
    for name, role in (("alice", "owner"), ("bob", "member")):
        Account.objects.create_user(name)
        joining.join(name, ROOM, role=role)
    joining.join("kitchen", ROOM)
    return made


def say(device: Device, text: str, person: str = "alice") -> str | None:
    place = Membership.objects.get(account=device.name, conversation=ROOM)
    reply = in_rooms.carry_out(text, in_rooms.Asked(device, person, place, NOW))
    return reply and reply.body


@pytest.mark.parametrize(
    "text", ["@kitchen now", "@Kitchen: STATUS!", "now @kitchen", "@kitchen, range"]
)
def test_how_it_is_is_told_as_to_one_person(device, text):
    word = "range" if "range" in text else "now"
    alone = commands.carry_out(word, device, "alice", NOW).body
    assert say(device, text, "bob") == alone


@pytest.mark.parametrize(
    "text",
    [
        "is @kitchen right?",
        "I trust @kitchen",
        "now @kitchen is broken",
        "alerts from @kitchen are noisy",
        "status of @kitchen, please",
        "@kitchen2 now",
    ],
)
def test_where_it_is_merely_spoken_of_it_says_nothing(device, text):
    assert say(device, text) is None


@pytest.mark.parametrize("text", ["subscribe", "unsubscribe", "reboot", "snooze 2h", "snooze"])
def test_what_is_between_it_and_one_person_is_not_done(device, text):
    assert (
        say(device, f"@kitchen {text}") == f"That is not for a room: write “{text}” to me directly."
    )


def test_what_is_no_command_is_answered_briefly(device):
    assert say(device, "@kitchen rnage") == (
        "There is no command “rnage”. Did you mean “@kitchen range”?"
    )
    assert say(device, "@kitchen") == "Did you mean “@kitchen help”?"


def test_help_names_what_it_knows_there(device):
    first, *lines, last = (say(device, "@kitchen help") or "").splitlines()
    assert first == "Kitchen knows these commands in a room:"
    assert all(line.startswith("@kitchen ") for line in lines)
    assert last == "Write to me directly for the others."
    for line in lines:
        typed = line.partition(":")[0]
        assert not in_rooms.may_change(typed, "kitchen") or typed.startswith("@kitchen alert ")
        assert "no command" not in (say(device, typed) or ""), typed


def test_one_that_is_switched_off_says_so_to_whom_it_is_said(device):
    device.enabled = False
    assert say(device, "@kitchen now") == "Kitchen is switched off."
    assert say(device, "I trust @kitchen") is None


# ---- alerts -----------------------------------------------------------------------------------


def test_who_governs_the_room_sets_its_alerts(device):
    assert say(device, "@kitchen alerts") == (
        "The room has no alerts of Kitchen. Write “@kitchen alert above 30”,"
        " “@kitchen alert below 5” or “@kitchen alert off”."
    )
    assert say(device, "@kitchen alert above 30") == (
        "The room will be told when Kitchen goes above 30 °C."
    )
    assert say(device, "@kitchen alert below 22") == (
        "The room will be told when Kitchen goes below 22 °C.\n"
        "It is 21.4 °C already, so the next reading tells all unless it is back."
    )
    assert say(device, "@kitchen alert above 31") is not None
    assert say(device, "@kitchen alerts", "bob") == (
        "The room is told when Kitchen goes above 31 °C or below 22 °C."
    )
    assert say(device, "@kitchen alert off below") == (
        "The room is no longer told when Kitchen goes below 22 °C."
    )
    assert say(device, "@kitchen alert above") == (
        "Say above which value, in °C, like “alert above 30”."
    )


def test_a_member_does_not(device):
    for text in ("alert above 30", "alert off", "alerts off"):
        said = say(device, f"@kitchen {text}", "bob")
        assert said == (
            "Those who govern #garden set its alerts: its owner and moderators. For one of your"
            " own, write to me directly."
        )
    Membership.objects.filter(account="bob").update(role="moderator")
    assert (say(device, "@kitchen alert above 30", "bob") or "").startswith("The room will be told")


def test_the_rooms_and_ones_own_are_apart(device):
    say(device, "@kitchen alert above 30")
    commands.carry_out("alert above 25", device, "alice", NOW)
    assert say(device, "@kitchen alerts") == "The room is told when Kitchen goes above 30 °C."
    own = commands.carry_out("alerts", device, "alice", NOW)
    assert own.body == "You are told when Kitchen goes above 25 °C."
    say(device, "@kitchen alert off")
    assert [each.account_id for each in Threshold.objects.all()] == ["alice"]


def test_they_end_when_it_leaves_the_room(device):
    say(device, "@kitchen alert above 30")
    joining.leave("kitchen", ROOM)
    assert not Threshold.objects.exists()


def test_a_threshold_is_a_persons_or_a_rooms(device):
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.create(device=device, direction="above", value=1.0)


# ---- who may be brought -----------------------------------------------------------------------


def may_come(inviter: str = "alice") -> None:
    guests.require(Account.objects.get(pk="kitchen"), inviter, ROOM)


def test_a_device_that_all_may_see_may_come(device):
    may_come()


def test_one_that_not_all_may_see_may_not_and_is_nobody_to_whom_it_is_hidden_from(device):
    registration.show_to(device, [Account.objects.get(pk="alice")])
    with pytest.raises(Forbidden, match="Not everybody may see Kitchen"):
        may_come()
    with pytest.raises(NotFound, match="There is nobody called “kitchen”"):
        may_come("bob")


def test_one_that_is_switched_off_may_not(device):
    Device.objects.update(enabled=False)
    with pytest.raises(NotFound):
        may_come()


def test_once_it_is_hidden_it_leaves_all_rooms(device, django_capture_on_commit_callbacks):
    say(device, "@kitchen alert above 30")
    with django_capture_on_commit_callbacks() as later:
        registration.show_to(device, [Account.objects.get(pk="alice")])
    told = [each.args[0].args for each in later]
    assert told == [("kitchen", ROOM)]
    assert not Membership.objects.filter(account="kitchen").exists()
    assert not Threshold.objects.exists()
