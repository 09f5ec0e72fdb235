"""A device is online while its last reading is younger than one and a half intervals."""

from datetime import UTC, datetime, timedelta

import pytest

from devices.freshness import (
    fresh_until,
    is_online,
    next_due,
    patience_with,
    sign_of_life,
)
from devices.models import Device

NOW = datetime(2026, 11, 22, 14, 3, 30, tzinfo=UTC)


def before(seconds):
    return NOW - timedelta(seconds=seconds)


def device(**fields):
    return Device(**{"interval": 100.0, "epoch": before(1_050), **fields})


@pytest.mark.parametrize(("age", "online"), [(0, True), (149.9, True), (150, False), (9e9, False)])
def test_it_depends_on_the_last_readings_age(age, online):
    assert is_online(device(last_at=before(age)), NOW) is online


def test_neither_what_is_disabled_nor_what_never_reported_is_online():
    assert not is_online(device(last_at=NOW, enabled=False), NOW)
    assert not is_online(device(), NOW)
    assert fresh_until(device()) is None


def test_a_restart_is_a_sign_of_life_of_a_simulation_alone_for_an_interval():
    old = {"last_at": before(160), "epoch": before(80)}
    assert sign_of_life(device(**old, simulated=True)) == before(80)
    assert sign_of_life(device(**old)) == before(160)
    assert sign_of_life(device(epoch=NOW, simulated=True)) is None, "it has never reported"
    again = {"last_at": before(160), "epoch": before(0)}
    assert sign_of_life(device(**again, simulated=True)) == before(60)


def test_a_restart_makes_nothing_fresh():
    restarted = device(last_at=before(160), epoch=before(80), simulated=True)
    assert not is_online(restarted, NOW)


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"last_at": before(40)}, 60),
        ({"last_at": before(240)}, -140),
        ({"simulated": True, "reported_slot": 10}, 50),
        ({"simulated": True, "reported_slot": 9}, -50),
        ({"simulated": True, "epoch": before(30), "reported_slot": 0}, 70),
        ({"simulated": True, "epoch": before(-5)}, 5),
    ],
)
def test_when_the_next_reading_is_due(fields, seconds):
    assert next_due(device(**fields), NOW) == NOW + timedelta(seconds=seconds)


def test_of_some_nobody_knows_when():
    assert next_due(device(), NOW) is None
    assert next_due(device(simulated=True, enabled=False), NOW) is None


@pytest.mark.parametrize(("interval", "seconds"), [(100, 150), (4, 6), (2, 4), (0.5, 2.5)])
def test_its_silence_is_told_when_it_is_overdue_but_never_in_a_hurry(interval, seconds):
    assert patience_with(device(interval=interval)) == timedelta(seconds=seconds)
