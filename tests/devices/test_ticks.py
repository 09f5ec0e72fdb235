"""One reading in each slot of a simulated device, whoever makes it; missed ones are not made up."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from chat import models
from chatproject.attempts import TOLD_AFTER
from devices.ids import feed_of, slot_id
from devices.models import Device, Summary
from devices.restarting import restart
from devices.simulation import value
from tests.devices.household import on_each_engine
from tests.times import parse

THERMOMETER = "thermometer1"
SECOND = timedelta(seconds=1)
WITHIN = 60
PAUSE = 0.1
"""Seconds between two ticks that are made until something happens."""


@pytest.fixture
def tick(own_household):
    """`tick()`: a tick in a process of the household; `tick(THERMOMETER_INTERVAL="…")`: there."""
    programs = {}

    def tick(**environment):
        key = tuple(environment.items())
        if key not in programs:
            programs[key] = own_household.program(**environment)
        programs[key].do("tick")

    return tick


@pytest.fixture
def simulated(household):
    """A simulated device that nobody has had report yet."""
    name = household.device(simulated=True, lowest=-10, highest=40)
    change(household, name, epoch=timezone.now())
    return name


def ids(household, name=THERMOMETER):
    """The ids of the device's readings, in their order."""
    feed = models.Message.objects.filter(conversation=feed_of(name), kind="reading")
    rows = feed.order_by("seq")
    return household.call(lambda: list(rows.values_list("client_id", flat=True)))


def change(household, name, **fields):
    household.call(lambda: Device.objects.filter(pk=name).update(**fields))


def counted(household, name=THERMOMETER):
    return household.call(lambda: [summary.count for summary in Summary.objects.filter(
        device=name, span=3600)])  # fmt: skip


def test_a_new_device_reports_at_once_and_once_in_a_slot(household, program, simulated):
    for _ in range(3):
        program.do("tick")
    device = household.now(simulated)
    assert ids(household, simulated) == [slot_id(device.epoch, 0)]
    (reading,) = household.messages(feed_of(simulated))
    assert reading.data["value"] == value(device.seed, device.epoch, device.epoch, -10.0, 40.0)
    assert abs(device.last_at - device.epoch) < timedelta(milliseconds=1)
    assert (device.reported_slot, counted(household, simulated)) == (0, [1])


def test_a_missed_slot_is_not_made_up_for(household, program, simulated):
    program.do("tick")
    epoch = timezone.now() - 1_050 * SECOND
    change(household, simulated, epoch=epoch, reported_slot=2)
    program.do("tick")
    assert ids(household, simulated)[1:] == [slot_id(epoch, 10)]
    at = parse(household.messages(feed_of(simulated))[1].data["at"])
    assert abs(at - (epoch + 1_000 * SECOND)) < timedelta(milliseconds=1)


def test_after_a_restart_the_interval_begins_again(household, program, simulated):
    program.do("tick")
    moment = timezone.now()
    household.call(lambda: restart(Device.objects.get(pk=simulated), moment))
    program.do("tick")
    assert len(ids(household, simulated)) == 1
    earlier = moment - 100 * SECOND
    household.call(lambda: restart(Device.objects.get(pk=simulated), earlier))
    program.do("tick")
    assert ids(household, simulated)[1:] == [slot_id(earlier, 1)]


def test_who_died_after_storing_it_leaves_no_slot_done_twice(household, program, simulated):
    program.do("tick")
    change(household, simulated, reported_slot=-1)
    program.do("tick")
    assert len(ids(household, simulated)) == 1
    assert counted(household, simulated) == [1]
    assert household.now(simulated).reported_slot == 0


def test_neither_disabled_nor_real_devices_nor_those_to_come_report(household, program, simulated):
    names = [
        household.device(simulated=True, enabled=False),
        household.device(),
        household.device(simulated=True, epoch=timezone.now() + 1_000 * SECOND),
    ]
    program.do("tick")
    assert len(ids(household, simulated)) == 1
    assert [ids(household, name) for name in names] == [[], [], []]


def test_one_that_stopped_is_missed_after_a_while(household, program):
    name = household.device(interval=0.5)
    program.do("take", name, [[20, timezone.now().isoformat(), "at:1"]])
    end = time.monotonic() + WITHIN
    while not household.messages(feed_of(name), "notice"):
        assert time.monotonic() < end
        time.sleep(PAUSE)
        program.do("tick")
    for _ in range(3):
        program.do("tick")
    (notice,) = household.messages(feed_of(name), "notice")
    assert notice.data == {"event": "silent"}
    young = timezone.now() + 60 * SECOND  # however long it takes to be stored
    program.do("take", name, [[20, young.isoformat(), "at:2"]])
    events = [one.data["event"] for one in household.messages(feed_of(name), "notice")]
    assert events == ["silent", "back"]


def test_while_a_store_stalls_nobody_falls_silent(household, program, simulated):
    program.do("tick")
    change(household, simulated, epoch=timezone.now() - 1_050 * SECOND, reported_slot=2)
    program.do("tick_while_the_store_stalls", 3_000)
    assert household.messages(feed_of(simulated), "notice") == []
    assert len(ids(household, simulated)) == 2


def test_after_a_restore_of_older_messages_new_readings_are_taken_in(household, program, simulated):
    program.do("tick")
    change(household, simulated, digested_seq=household.now(simulated).digested_seq + 100)
    program.do("tick")
    assert household.now(simulated).digested_seq == len(ids(household, simulated))


# ---- in a household of their own ---------------------------------------------------------------


@on_each_engine
def test_two_that_tick_at_once_make_each_slot_once(own_household):
    programs = [own_household.program(THERMOMETER_INTERVAL="0.5") for _ in range(2)]
    end = time.monotonic() + WITHIN
    while len(ids(own_household)) < 6:
        assert time.monotonic() < end
        time.sleep(PAUSE)
        for program in programs:
            program.begin("tick")
        for program in programs:
            program.result()
    made = ids(own_household)
    epochs, slots = zip(*[id_.rsplit(":", 1) for id_ in made], strict=True)
    assert len(set(epochs)) == 1
    numbers = [int(slot) for slot in slots]
    assert sorted(numbers) == sorted(set(numbers))  # in which order two store theirs is open
    assert sum(counted(own_household)) == len(made)


def test_another_interval_begins_anew(own_household, tick):
    tick()
    before = own_household.now(THERMOMETER).epoch
    tick(THERMOMETER_INTERVAL="0.7")
    device = own_household.now(THERMOMETER)
    assert device.interval == 0.7
    assert device.epoch > before
    assert ids(own_household)[1].startswith(slot_id(device.epoch, 0)[:-1])


def test_the_same_interval_goes_on(own_household, tick):
    tick(THERMOMETER_INTERVAL="50")
    before = own_household.now(THERMOMETER).epoch
    own_household.program(THERMOMETER_INTERVAL="50").do("tick")
    assert own_household.now(THERMOMETER).epoch == before
    assert len(ids(own_household)) == 1


def test_one_that_fails_does_not_hold_up_the_others(own_household):
    names = [own_household.device(simulated=True, lowest=0) for _ in range(3)]
    broken = sorted(names)[1]
    own_household.call(lambda: models.Conversation.objects.filter(pk=feed_of(broken)).delete())
    program = own_household.program()
    program.do("tick")
    made = {name: len(ids(own_household, name)) for name in names}
    assert made == {name: int(name != broken) for name in names}
    assert len(ids(own_household)) == 1
    end = time.monotonic() + TOLD_AFTER + 1
    while time.monotonic() < end:
        time.sleep(PAUSE)
        program.do("tick")
    (line,) = program.close().splitlines()
    assert line.endswith(f"The tick of {broken} fails, and is tried again: NotFound")
