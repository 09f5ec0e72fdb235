"""What a device answers: exact sentences, with units and times."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from chat.models import Account, Membership
from devices import commands, registration
from devices.commands.registry import listing
from devices.course import Measured
from devices.models import Device, Snooze, Threshold
from devices.summaries import add

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

NOW = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)
LAST_SLOT = NOW - timedelta(seconds=40)
SINCE_TWO_DAYS = LAST_SLOT - timedelta(days=2, hours=3)


@pytest.fixture
def alice(db) -> Account:
    return Account.objects.create_user("alice")


@pytest.fixture
def device(db) -> Device:
    """Simulated, restarted two days ago; its last reading came 40 s ago."""
    made = Device(
        kind="thermometer", unit="°C", lowest=-10.0, highest=40.0, simulated=True,
        epoch=SINCE_TWO_DAYS, reported_slot=1836, last_seq=1, last_value=21.4,
        last_at=LAST_SLOT,
    )  # fmt: skip
    registration.add(made, "kitchen", "Kitchen")
    return made


def subscribers() -> QuerySet[Membership]:
    return Membership.objects.filter(conversation="device:kitchen")


def say(device: Device, text: str, now: datetime = NOW) -> list[str]:
    """The lines of the answer to Alice."""
    return commands.carry_out(text, device, "alice", now).body.splitlines()


def measured(device: Device, **values: float) -> None:
    """Sum up a reading of each value, at NOW minus so many hours: `h3=21.0`."""
    at = {name: NOW - timedelta(hours=int(name[1:])) for name in values}
    add(device, [Measured(1, value, at[name], at[name]) for name, value in values.items()])


# ---- subscribe, unsubscribe -------------------------------------------------------------------


def test_subscribe_tells_the_interval_the_range_and_the_last_reading(device, alice):
    reply = commands.carry_out("subscribe", device, "alice", NOW)
    assert reply.body.splitlines() == [
        "You are subscribed to Kitchen. It reports every 100 s, from -10 °C to 40 °C.",
        "The last reading is 21.4 °C, 40 s ago, at 14:02 UTC.",
    ]
    assert reply.effect == commands.JOINED
    assert subscribers().filter(account=alice).exists()


def test_subscribe_again_tells_since_when(device, alice):
    say(device, "subscribe")
    mine = subscribers().filter(account=alice)
    mine.update(joined_at=NOW - timedelta(hours=2))
    reply = commands.carry_out("subscribe", device, "alice", NOW)
    assert reply == ("You are subscribed since 12:03 UTC.", "")
    mine.update(joined_at=NOW - timedelta(days=1))
    assert say(device, "subscribe") == ["You are subscribed since 21 November, 14:03 UTC."]


def test_a_device_without_bounds_and_readings_tells_none(device, alice):
    device.lowest = device.highest = device.last_value = device.last_at = None
    assert say(device, "subscribe") == [
        "You are subscribed to Kitchen. It reports every 100 s.",
        "There is no reading yet.",
    ]


def test_unsubscribe_and_again(device, alice):
    say(device, "subscribe")
    reply = commands.carry_out("unsubscribe", device, "alice", NOW)
    assert reply == ("You are no longer subscribed to Kitchen.", commands.LEFT)
    assert not subscribers().exists()
    again = commands.carry_out("unsubscribe", device, "alice", NOW)
    assert again.effect == ""
    assert again.body.startswith("You are not subscribed to Kitchen.")


# ---- now, status ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["now", "status"])
def test_status(device, alice, command):
    say(device, "subscribe")
    assert say(device, command) == [
        "The last reading is 21.4 °C, 40 s ago, at 14:02 UTC.",
        "The next is due in 60 s.",
        "It has been running for 2 d 3 h, since 20 November, 11:02 UTC.",
        "1 person is subscribed.",
    ]


def test_status_of_one_that_is_overdue(device, alice):
    device.simulated = False
    lines = say(device, "status", NOW + timedelta(minutes=5))
    assert lines[0] == "The last reading is 21.4 °C, 5 min 40 s ago, at 14:02 UTC."
    assert lines[1] == "It is overdue. The next was due 4 min ago."
    assert lines[3] == "0 people are subscribed."


def test_status_between_due_and_overdue(device, alice):
    device.simulated = False
    assert say(device, "status", NOW + timedelta(seconds=70))[1] == "The next is due now."


def test_status_of_a_simulated_one_that_missed_some(device, alice):
    assert say(device, "now", NOW + timedelta(minutes=30))[1] == (
        "It is overdue. The next was due 40 s ago."
    )


def test_status_of_one_that_never_reported(device, alice):
    device.simulated, device.last_at, device.last_value = False, None, None
    lines = say(device, "now")
    assert lines[:2] == ["There is no reading yet.", "The next comes whenever it reports."]


def test_people_whose_account_was_deleted_are_not_counted(device, alice):
    say(device, "subscribe")
    Account.objects.filter(pk="alice").update(deleted_at=NOW)
    assert say(device, "now")[3] == "0 people are subscribed."


# ---- range ------------------------------------------------------------------------------------


def test_range(device, alice):
    measured(device, h100=30.0, h50=-5.0, h3=21.0, h2=24.5, h1=22.0)
    assert say(device, "range") == [
        "In the last 24 hours: lowest 21 °C at 11:03 UTC; highest 24.5 °C at 12:03 UTC; "
        "average 22.5 °C of 3 readings.",
        "Of all time: lowest -5 °C at 20 November, 12:03 UTC; "
        "highest 30 °C at 18 November, 10:03 UTC; average 18.5 °C of 5 readings.",
        "The simulation goes from -10 °C to 40 °C.",
    ]


def test_range_of_one_that_was_silent_for_a_day(device, alice):
    measured(device, h30=20.0)
    lines = say(device, "range")
    assert lines[0] == "In the last 24 hours: no readings."
    assert lines[1].endswith("average 20 °C of 1 reading.")


def test_range_of_a_real_device_without_readings(device, alice):
    device.simulated, device.highest = False, None
    assert say(device, "range") == ["There is no reading yet.", "It measures from -10 °C."]


# ---- reboot -----------------------------------------------------------------------------------


def test_reboot_counts_anew(device, alice):
    reply = commands.carry_out("reboot", device, "alice", NOW)
    assert reply.effect == commands.REBOOTED
    assert reply.body == "Kitchen was restarted. It reports every 100 s from now on."
    device = Device.objects.select_related("account").get(pk="kitchen")
    assert device.epoch == NOW
    assert say(device, "now", NOW + timedelta(seconds=10))[1:3] == [
        "The next is due in 90 s.",
        "It has been running for 10 s, since 14:03 UTC.",
    ]


def test_a_real_device_is_not_rebooted_from_here(device, alice):
    Device.objects.update(simulated=False)
    device.refresh_from_db()
    reply = commands.carry_out("reboot", device, "alice", NOW)
    assert reply == ("Kitchen is a real device: it must be restarted where it stands.", "")
    assert Device.objects.get(pk="kitchen").epoch == SINCE_TWO_DAYS


# ---- alerts -----------------------------------------------------------------------------------


def thresholds() -> list[tuple[str, float, bool]]:
    rows = Threshold.objects.order_by("direction")
    return [(row.direction, row.value, row.told) for row in rows]


def test_alert_above_and_below(device, alice):
    assert say(device, "alert above 30") == ["You will be told when Kitchen goes above 30 °C."]
    assert say(device, "ALERT below −2,5 °C") == [
        "You will be told when Kitchen goes below -2.5 °C."
    ]
    assert thresholds() == [("above", 30.0, False), ("below", -2.5, False)]
    assert say(device, "alerts") == ["You are told when Kitchen goes above 30 °C or below -2.5 °C."]


def test_there_is_one_of_each_direction_and_setting_it_anew_tells_anew(device, alice):
    say(device, "alert above 30")
    Threshold.objects.update(told=True)
    say(device, "alert above 28")
    assert thresholds() == [("above", 28.0, False)]


@pytest.mark.parametrize("text", ["alert above 20", "alert below 22"])
def test_one_that_is_reached_already_is_said(device, alice, text):
    assert say(device, text)[1] == (
        "It is 21.4 °C already, so the next reading tells you unless it is back."
    )


@pytest.mark.parametrize("text", ["alert above 21.4", "alert below 21.4"])
def test_the_value_itself_is_not_beyond(device, alice, text):
    assert len(say(device, text)) == 1


def test_alerts_without_any(device, alice):
    assert say(device, "alerts")[0].startswith("You have no alerts of Kitchen.")
    assert say(device, "alert off") == ["There was no alert to turn off."]
    assert say(device, "alert off above") == ["There was no alert above a value to turn off."]


def test_alert_off(device, alice):
    say(device, "alert above 30")
    say(device, "alert below 5")
    assert say(device, "alert off above") == [
        "You are no longer told when Kitchen goes above 30 °C."
    ]
    assert thresholds() == [("below", 5.0, False)]
    say(device, "alert above 30")
    assert say(device, "alerts off") == [
        "You are no longer told when Kitchen goes above 30 °C or below 5 °C."
    ]
    assert thresholds() == []


def test_only_ones_own_are_shown_and_turned_off(device, alice):
    bob = Account.objects.create_user("bob")
    commands.carry_out("alert above 30", device, bob.name, NOW)
    assert say(device, "alerts")[0].startswith("You have no alerts")
    say(device, "alert off")
    assert thresholds() == [("above", 30.0, False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alert", "Write “alert above 30”, “alert below 5” or “alert off”."),
        ("alert 30", "Write “alert above 30”, “alert below 5” or “alert off”."),
        ("alert abov 30", "Write “alert above 30”, “alert below 5” or “alert off”."),
        ("alert off all", "Write “alert above 30”, “alert below 5” or “alert off”."),
        ("alert above", "Say above which value, in °C, like “alert above 30”."),
        ("alert below", "Say below which value, in °C, like “alert below 30”."),
        ("alert above lots", "“lots” is not a number; write it like “30” or “-2.5”."),
        ("alert above 30 °F", "The unit here is °C, not “°f”."),
        ("alert above 1e99", "The unit here is °C, not “e99”."),
    ],
)
def test_an_alert_that_makes_no_sense_is_explained(device, alice, text, said):
    assert say(device, text) == [said]
    assert thresholds() == []


# ---- snooze -----------------------------------------------------------------------------------


def test_snooze(device, alice):
    assert say(device, "snooze 2h") == ["Alerts are held back until 16:03 UTC."]
    assert say(device, "alert above 30")[-1] == "Alerts are held back until 16:03 UTC."
    assert say(device, "alerts")[-1] == "Alerts are held back until 16:03 UTC."
    assert say(device, "snooze")[0].startswith("Alerts are held back until 16:03 UTC. Write")
    assert say(device, "snooze 1d") == ["Alerts are held back until 23 November, 14:03 UTC."]
    assert Snooze.objects.get().until == NOW + timedelta(days=1)
    assert say(device, "snooze off") == ["Alerts come again."]
    assert say(device, "snooze off") == ["Your alerts were not held back."]
    assert not Snooze.objects.exists()


def test_a_snooze_that_is_over_is_not_shown(device, alice):
    say(device, "alert above 30")
    say(device, "snooze 1h")
    assert len(say(device, "alerts", NOW + timedelta(hours=2))) == 1


def test_a_snooze_that_makes_no_sense_is_explained(device, alice):
    assert say(device, "snooze")[0].startswith("Write “snooze 2h”")
    assert "not a length of time" in say(device, "snooze for ever")[0]
    assert not Snooze.objects.exists()


# ---- anything else ----------------------------------------------------------------------------


def test_help(device, alice):
    assert say(device, "help") == ["Kitchen knows these commands:", *listing().splitlines()]
    assert say(device, "help me please") == say(device, "help")


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "reboot", "range", "now"])
def test_what_stands_alone_does_nothing_with_more_behind_it(device, alice, command):
    reply = commands.carry_out(f"{command} at noon", device, "alice", NOW)
    assert reply == (f"“{command}” stands alone: write nothing after it.", "")
    assert not subscribers().exists()


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("subscribe", True), ("kitchen: Unsubscribe!", True), ("reboot", True),
        ("alert above 30", True), ("alerts above 30", True), ("snooze off", True),
        ("alert", False), ("alerts", False), ("snooze", False), ("now", False),
        ("status", False), ("range", False), ("help", False), ("help alert", False),
        ("subscribe at noon", False), ("good morning", False), ("", False),
    ],
)  # fmt: skip
def test_what_changes_nothing_needs_no_transaction(device, alice, text, changes):
    assert commands.may_change(text, device.name) is changes
    with CaptureQueriesContext(connection) as queries:
        commands.carry_out(text, device, "alice", NOW)
    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert changes or not writes
