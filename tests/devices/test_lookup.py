"""Single readings by their time; without reading the whole feed."""

import random
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.models import Message
from chatproject.databases import MESSAGES
from devices.lookup import latest
from devices.models import Device, Summary
from tests.devices.feeds import course, new_device, report, store_readings
from tests.devices.household import NOON

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def values(device, since, until, most=50):
    found = latest(Device.objects.get(pk=device.pk), since, until, most)
    return [reading.value for reading in found]


@pytest.fixture(params=[False, True], ids=["real", "simulated"])
def device(request):
    """With 300 readings, 100 s apart: 0 at noon, 1, 2 …"""
    device = new_device("boiler", simulated=request.param)
    report(device, course(*range(300), start=NOON))
    return device


def test_it_finds_the_readings_of_a_period(device):
    start = NOON + timedelta(seconds=10_000)
    assert values(device, start, start + timedelta(seconds=300)) == [100, 101, 102, 103]
    assert values(device, start + timedelta(seconds=1), start + timedelta(seconds=99)) == []
    assert values(device, NOON - HOUR, NOON + timedelta(seconds=100)) == [0, 1]
    assert values(device, NOON - 2 * HOUR, NOON - HOUR) == []


def test_of_many_it_finds_the_last_ones(device):
    assert values(device, NOON, NOON + HOUR, 3) == [34, 35, 36]
    assert values(device, NOON, NOON + 100 * HOUR, 2) == [298, 299]


def test_each_has_the_seq_of_its_message(device):
    found = latest(device, NOON, NOON + timedelta(seconds=500), 50)
    assert [reading.seq for reading in found] == [1, 2, 3, 4, 5, 6]


def test_what_is_no_reading_any_more_is_left_out(device):
    feed = Message.objects.filter(conversation=device.feed)
    feed.filter(seq=2).update(kind="deleted", data=None)
    feed.filter(seq=3).update(data={"value": "warm"})
    assert values(device, NOON, NOON + timedelta(seconds=300)) == [0, 3]


def test_readings_that_came_late_are_found_by_their_time():
    device = new_device("boiler")
    report(device, course(5, 6, start=NOON + HOUR))
    report(device, course(1, 2, start=NOON), stored_at=NOON + 2 * HOUR)
    assert values(device, NOON, NOON + MINUTE * 30) == [1, 2]
    assert values(device, NOON, NOON + 3 * HOUR) == [1, 2, 5, 6]


def test_a_clock_that_is_ahead_hides_nothing():
    """Its id has the time that it said, the reading that at which it came."""
    device = new_device("boiler")
    store_readings(device, course(7, start=NOON + timedelta(seconds=40)))
    Message.objects.update(data={"value": 7, "unit": "°C", "at": "2026-11-22T12:00:00.000Z"})
    assert values(device, NOON - MINUTE, NOON) == [7]
    assert values(device, NOON + MINUTE / 2, NOON + MINUTE) == []


def test_a_simulated_one_that_came_late_in_its_slot_is_found():
    device = new_device("boiler", simulated=True, interval=100)
    report(device, course(1, 2, 3, start=NOON))
    report(device, course(4, start=NOON + timedelta(seconds=300)), late=90)
    report(device, course(5, 6, 7, start=NOON + timedelta(seconds=400)))
    assert values(device, NOON, NOON + timedelta(seconds=310)) == [1, 2, 3, 4]


def test_a_simulated_one_is_found_however_often_its_interval_changed():
    device = new_device("boiler", simulated=True, interval=100)
    quick = course(*range(1000), start=NOON, every=0.5)
    report(device, quick + course(*range(2000, 2100), start=NOON + HOUR))
    drawn = random.Random(2).sample(quick, 20)
    for value, at in drawn:
        assert values(device, at, at) == [value]


@pytest.mark.parametrize("simulated", [False, True])
def test_it_reads_a_few_rows_by_an_index(simulated):
    device = new_device("boiler", simulated=simulated, last_at=timezone.now())
    report(device, course(*range(20), start=NOON))
    Device.objects.update(last_at=NOON + 24 * HOUR)
    device.refresh_from_db()
    with CaptureQueriesContext(connections[MESSAGES]) as queries:
        assert latest(device, NOON, NOON + MINUTE, 50)
    assert 1 <= len(queries) <= 3
    for query in [query["sql"] for query in queries]:
        with connections[MESSAGES].cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}")
            plan = [step for *_, step in cursor.fetchall()]
        assert not any(step.startswith("SCAN chat_message") for step in plan), plan
        assert not any("TEMP B-TREE" in step for step in plan), plan


def test_it_looks_from_the_hour_before_on():
    device = new_device("boiler", simulated=True)
    report(device, course(*range(300), start=NOON))
    Summary.objects.update(lowest_seq=None, highest_seq=None)
    assert values(device, NOON, NOON + MINUTE) == [0]  # summed up before seqs were kept
