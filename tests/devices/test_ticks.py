"""One reading in each slot of a simulated device, whoever makes it; missed ones are not made up."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from chat import models
from devices.attempts import TOLD_AFTER
from devices.ids import feed_of, slot_id
from devices.models import Device, Summary
from devices.restarting import restart
from devices.simulation import value
from tests.devices.household import on_each_engine
from tests.times import parse

THERMOMETER = "thermometer1"
FEED = feed_of(THERMOMETER)
SECOND = timedelta(seconds=1)
WITHIN = 30


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


def ids(household, feed=FEED):
    """The ids of the readings in the feed, in their order."""
    rows = models.Message.objects.filter(conversation=feed, kind="reading").order_by("seq")
    return household.call(lambda: list(rows.values_list("client_id", flat=True)))


def change(household, name=THERMOMETER, **fields):
    household.call(lambda: Device.objects.filter(pk=name).update(**fields))


def counted(household, name=THERMOMETER):
    return household.call(lambda: [summary.count for summary in Summary.objects.filter(
        device=name, span=3600)])  # fmt: skip


@on_each_engine
def test_a_new_device_reports_at_once_and_once_in_a_slot(own_household, tick):
    for _ in range(3):
        tick()
    device = own_household.now(THERMOMETER)
    assert ids(own_household) == [slot_id(device.epoch, 0)]
    (reading,) = own_household.messages(FEED)
    assert reading.data["value"] == value(device.seed, device.epoch, device.epoch, -10.0, 40.0)
    assert abs(device.last_at - device.epoch) < timedelta(milliseconds=1)
    assert (device.reported_slot, counted(own_household)) == (0, [1])


def test_a_missed_slot_is_not_made_up_for(own_household, tick):
    tick()
    epoch = timezone.now() - 1_050 * SECOND
    change(own_household, epoch=epoch, reported_slot=2)
    tick()
    assert ids(own_household)[1:] == [slot_id(epoch, 10)]
    at = parse(own_household.messages(FEED)[1].data["at"])
    assert abs(at - (epoch + 1_000 * SECOND)) < timedelta(milliseconds=1)


def test_after_a_restart_the_interval_begins_again(own_household, tick):
    tick()
    moment = timezone.now()
    own_household.call(lambda: restart(Device.objects.get(pk=THERMOMETER), moment))
    tick()
    assert len(ids(own_household)) == 1
    earlier = moment - 100 * SECOND
    own_household.call(lambda: restart(Device.objects.get(pk=THERMOMETER), earlier))
    tick()
    assert ids(own_household)[1:] == [slot_id(earlier, 1)]


@on_each_engine
def test_who_died_after_storing_it_leaves_no_slot_done_twice(own_household, tick):
    tick()
    change(own_household, reported_slot=-1)
    tick()
    assert len(ids(own_household)) == 1
    assert counted(own_household) == [1]
    assert own_household.now(THERMOMETER).reported_slot == 0


@on_each_engine
def test_two_that_tick_at_once_make_each_slot_once(own_household):
    programs = [own_household.program(THERMOMETER_INTERVAL="0.5") for _ in range(2)]
    end = time.monotonic() + WITHIN
    while len(ids(own_household)) < 6:
        assert time.monotonic() < end
        for program in programs:
            program.begin("tick")
        for program in programs:
            program.result()
    made = ids(own_household)
    epochs, slots = zip(*[id_.rsplit(":", 1) for id_ in made], strict=True)
    assert len(set(epochs)) == 1
    numbers = [int(slot) for slot in slots]
    assert numbers == sorted(set(numbers))
    assert sum(counted(own_household)) == len(made)


@on_each_engine
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


def test_neither_disabled_nor_real_devices_nor_those_to_come_report(own_household, tick):
    names = [
        own_household.device(simulated=True, enabled=False),
        own_household.device(),
        own_household.device(simulated=True, epoch=timezone.now() + 1_000 * SECOND),
    ]
    tick()
    assert len(ids(own_household)) == 1
    assert [ids(own_household, feed_of(name)) for name in names] == [[], [], []]


def test_one_that_fails_does_not_hold_up_the_others(own_household):
    names = [own_household.device(simulated=True, lowest=0) for _ in range(3)]
    broken = sorted(names)[1]
    own_household.call(lambda: models.Conversation.objects.filter(pk=feed_of(broken)).delete())
    program = own_household.program()
    program.do("tick")
    made = {name: len(ids(own_household, feed_of(name))) for name in names}
    assert made == {name: int(name != broken) for name in names}
    assert len(ids(own_household)) == 1
    end = time.monotonic() + TOLD_AFTER + 1
    while time.monotonic() < end:
        program.do("tick")
    (line,) = program.close().splitlines()
    assert line.endswith(f"The tick of {broken} fails, and is tried again: NotFound")


def test_one_that_stopped_is_missed_after_a_while(own_household):
    name = own_household.device(interval=0.5)
    program = own_household.program()
    program.do("take", name, [[20, timezone.now().isoformat(), "at:1"]])
    end = time.monotonic() + WITHIN
    while not own_household.messages(feed_of(name), "notice"):
        assert time.monotonic() < end
        program.do("tick")
    for _ in range(3):
        program.do("tick")
    (notice,) = own_household.messages(feed_of(name), "notice")
    assert notice.data == {"event": "silent"}
    program.do("take", name, [[20, timezone.now().isoformat(), "at:2"]])
    events = [one.data["event"] for one in own_household.messages(feed_of(name), "notice")]
    assert events == ["silent", "back"]


def test_after_a_restore_of_older_messages_new_readings_are_taken_in(own_household, tick):
    household = own_household
    tick()
    far_ahead = household.now(THERMOMETER).digested_seq + 100
    household.call(lambda: Device.objects.filter(pk=THERMOMETER).update(digested_seq=far_ahead))
    tick()
    assert household.now(THERMOMETER).digested_seq == len(ids(household))
