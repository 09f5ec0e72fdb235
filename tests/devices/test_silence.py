"""A device that falls silent makes one notice, and one when it is back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from devices.ids import feed_of
from devices.models import Device
from tests.devices.household import NOON, readings

LONG_AGO = NOON - timedelta(days=30)


@pytest.fixture
def device(household):
    """One that reports every 100 s."""
    return household.device()


def at(seconds):
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def miss(program):
    """`miss(device, 160)`: whether it is missed 160 s after noon, and told of."""

    def miss(device, seconds, begun=LONG_AGO):
        return device in program.do("miss", at(seconds).isoformat(), begun.isoformat())

    return miss


@pytest.fixture
def tell(program):
    """`tell(device)`: of its silence, in a day from now."""

    def tell(device):
        tomorrow = timezone.now() + timedelta(days=1)
        program.do("tell_silent", device, tomorrow.isoformat(), LONG_AGO.isoformat())

    return tell


@pytest.fixture
def an_hour_ago():
    """Readings of an hour later are young enough to show that a device is back."""
    return timezone.now().replace(microsecond=0) - timedelta(hours=1)


def events(household, device):
    return [event for event, _ in notices(household, device)]


def notices(household, device):
    return [(one.data["event"], one.body) for one in household.messages(feed_of(device), "notice")]


def test_it_is_missed_after_one_and_a_half_intervals(household, program, device, miss):
    program.do("take", device, readings(20))
    assert not miss(device, 149.9)
    assert notices(household, device) == []
    assert miss(device, 150)
    said = "No reading from Cellar since 12:00 UTC; one was due every 100 s."
    assert notices(household, device) == [("silent", said)]
    assert household.now(device).silent_since == NOON


def test_it_is_told_once_by_however_many(household, program, other_programs, device, miss):
    program.do("take", device, readings(20))
    other = other_programs[0]
    words = ["tell_silent", device, at(160).isoformat(), LONG_AGO.isoformat()]
    for each in (program, other):
        each.begin(*words)
    assert program.result() == other.result() is None
    program.do(*words)
    assert not miss(device, 9_999)
    assert len(notices(household, device)) == 1


def test_back_is_told_once(household, program, device, tell, an_hour_ago):
    program.do("take", device, readings(20, start=an_hour_ago))
    tell(device)
    later = an_hour_ago + timedelta(seconds=3_500)
    program.do("take", device, readings(21, 22, start=later))
    program.do("digest", device)
    assert events(household, device) == ["silent", "back"]
    assert notices(household, device)[1][1] == "Cellar is back after 58 min 20 s."
    assert household.now(device).silent_since is None


def test_an_old_reading_brings_nobody_back(household, program, device, tell, an_hour_ago):
    program.do("take", device, readings(20, start=an_hour_ago))
    tell(device)
    program.do("take", device, readings(21, 22, start=an_hour_ago + timedelta(seconds=1_000)))
    assert events(household, device) == ["silent"]
    assert household.now(device).last_value == 22
    assert household.now(device).silent_since == an_hour_ago


def test_silent_again_is_told_again(household, program, device, tell, an_hour_ago):
    for seconds in (0, 3_540, 3_580):
        program.do("take", device, readings(20, start=an_hour_ago + timedelta(seconds=seconds)))
        tell(device)
    assert events(household, device) == ["silent", "back", "silent", "back", "silent"]


def test_what_has_just_come_is_looked_at_first(household, program, device):
    """Its process has stored a reading and not yet taken it in."""
    program.do("take", device, readings(20))
    program.do("store", device, readings(21, start=at(100)))
    program.do("tell_silent", device, at(200).isoformat(), LONG_AGO.isoformat())
    assert notices(household, device) == []
    assert household.now(device).last_value == 21


def test_a_process_that_has_just_begun_waits(household, program, device, miss):
    program.do("take", device, readings(20))
    assert not miss(device, 9_149, begun=at(9_000))
    assert miss(device, 9_151, begun=at(9_000))


def test_neither_what_never_reported_nor_what_is_disabled_is_missed(household, program, miss):
    fresh, disabled = household.device(), household.device()
    program.do("take", disabled, readings(20))
    household.call(lambda: Device.objects.filter(pk=disabled).update(enabled=False))
    assert not miss(fresh, 9_999)
    assert not miss(disabled, 9_999)


def test_a_restart_is_no_silence(household, program, miss):
    device = household.device(simulated=True)
    program.do("take", device, readings(20))
    household.call(lambda: Device.objects.filter(pk=device).update(epoch=at(90)))
    assert not miss(device, 200)
    assert miss(device, 240)
