"""Ranges and charts, compared with what a scan of all readings would say."""

import random
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from chat.protocol import format_time
from devices.charts import RANGES, chart, days
from devices.extremes import among, extremes
from devices.ids import feed_of
from devices.lookup import latest
from devices.models import Device, Summary
from devices.models.summary import FIVE_MINUTES, HOUR, MINUTE
from devices.steps import finest, steps
from devices.summaries import prune, start_of
from tests.devices.household import NOON, reading

COUNT = 700
NOW = NOON + timedelta(hours=3)
LATELY = timedelta(hours=24)


def drawn():
    """Readings at random times of ten days, in no order; some have equal values."""
    random.seed(4)
    ages = sorted({random.randrange(10 * 86_400_000) for _ in range(COUNT)}
                  | {random.randrange(3_600_000) for _ in range(100)}, key=hash)  # fmt: skip
    random.shuffle(ages)
    return [(round(random.uniform(-5, 30), 1), NOW - timedelta(milliseconds=age)) for age in ages]


@pytest.fixture(scope="session")
def known(shared_household, shared_program):
    """A device, and its readings: as pairs of value and time."""
    device, values = shared_household.device(), drawn()
    for start in range(0, len(values), 90):
        given = [reading(*pair) for pair in values[start : start + 90]]
        shared_program.do("take", device, given)
    return device, values


def get(device):
    return Device.objects.get(pk=device)


def bounds(values):
    """The lowest and the highest, each with the first time of it."""
    lowest, highest = min(value for value, _ in values), max(value for value, _ in values)
    return (
        (lowest, min(at for value, at in values if value == lowest)),
        (highest, min(at for value, at in values if value == highest)),
    )


@pytest.mark.parametrize("since", [None, NOW - LATELY, NOW - timedelta(hours=2)])
def test_extremes_are_those_of_all_readings(household, known, since):
    device, values = known
    begin = start_of(since, MINUTE) if since else datetime.min.replace(tzinfo=NOW.tzinfo)
    within = [(value, at) for value, at in values if at >= begin]
    found = household.call(lambda: extremes(get(device), since))
    assert found is not None
    assert ((found.lowest, found.lowest_at), (found.highest, found.highest_at)) == bounds(within)
    assert found.count == len(within)
    assert found.average == pytest.approx(sum(value for value, _ in within) / len(within), abs=1e-4)


def test_there_are_none_where_nothing_was_read(household):
    device = household.device()
    for since in (None, NOW):
        assert household.call(lambda since=since: extremes(get(device), since)) is None


@pytest.mark.parametrize("name", list(RANGES))
def test_a_chart_has_all_readings_of_its_time(household, known, name):
    device, values = known
    length, step = RANGES[name]
    spans: dict = {}
    for value, at in values:
        start = start_of(at, step)
        if NOW - length < start <= NOW:
            spans.setdefault(start, []).append((value, at))
    found = household.call(lambda: chart(get(device), name, NOW))
    assert (found.since, found.until, found.step) == (NOW - length, NOW, step)
    assert [point.at for point in found.points] == sorted(spans)
    for point in found.points:
        (lowest, _), (highest, _) = bounds(spans[point.at])
        assert (point.lowest, point.highest, point.count) == (lowest, highest, len(spans[point.at]))
        mean = sum(value for value, _ in spans[point.at]) / point.count
        assert point.value == pytest.approx(mean, abs=1e-4)


def test_the_days_of_many_devices_are_one_query(household, known, django_assert_num_queries):
    device, values = known
    quiet = household.device()
    within = [(v, at) for v, at in values if start_of(at, FIVE_MINUTES) > NOW - LATELY]
    spans: dict = {}
    for value, at in within:
        spans.setdefault(start_of(at, 900), []).append(value)

    def work():
        devices = list(Device.objects.filter(pk__in=[device, quiet]))
        with django_assert_num_queries(1):
            return days(devices, NOW)

    found = household.call(work)
    assert list(found) == [device]
    lowest, highest, spark = found[device]
    assert (lowest, highest) == (min(v for v, _ in within), max(v for v, _ in within))
    assert 10 < len(spark) <= 96
    for at, value in spark:
        its = spans[datetime.fromtimestamp(at / 1000, NOW.tzinfo)]
        assert value == pytest.approx(sum(its) / len(its), abs=1e-4)
    assert len(spark) >= min(len(spans), 96)


@pytest.mark.parametrize(
    ("step", "length"),
    [(300, LATELY / 8), (7200, LATELY), (86_400, timedelta(days=9))],
)
def test_steps_are_put_together_from_all_readings(household, known, step, length):
    device, values = known
    since = start_of(NOW - length, step)
    spans: dict = {}
    for value, at in values:
        if since <= at < NOW:
            spans.setdefault(start_of(at, step), []).append((value, at))
    found = household.call(lambda: steps(get(device), step, since, NOW))
    assert [point.at for point in found] == sorted(spans)
    for point in found:
        lowest, highest = bounds(spans[point.at])
        assert ((point.lowest, point.lowest_at), (point.highest, point.highest_at)) == (
            lowest, highest,
        )  # fmt: skip
        assert point.count == len(spans[point.at])
        mean = sum(value for value, _ in spans[point.at]) / point.count
        assert point.value == pytest.approx(mean, abs=1e-4)


def test_extremes_name_their_messages(household, known):
    """Which came in no order: where a message stands says nothing of its time."""
    device, _ = known
    at_seq = {
        message.seq: (message.data["value"], message.data["at"])
        for message in household.messages(feed_of(device), "reading")
    }
    points = household.call(lambda: steps(get(device), 7200, NOW - LATELY, NOW))
    found = household.call(lambda: extremes(get(device)))
    assert len(points) > 10
    for one in [*points, found]:
        assert at_seq[one.lowest_seq] == (one.lowest, format_time(one.lowest_at))
        assert at_seq[one.highest_seq] == (one.highest, format_time(one.highest_at))


@pytest.mark.parametrize("length", [timedelta(minutes=20), LATELY, timedelta(days=30)])
def test_single_readings_are_found_by_their_time(household, known, length):
    device, values = known
    within = sorted((at, value) for value, at in values if NOW - length <= at <= NOW)
    found = household.call(lambda: latest(get(device), NOW - length, NOW, 60))
    assert [(reading.at, reading.value) for reading in found] == within[-60:]
    every = household.call(lambda: latest(get(device), NOW - length, NOW, 1000))
    extreme = among(every)
    assert extreme is not None
    assert ((extreme.lowest, extreme.lowest_at), (extreme.highest, extreme.highest_at)) == bounds(
        [(value, at) for at, value in within]
    )
    assert extreme.count == len(within)


def test_there_are_no_extremes_among_nothing():
    assert among([]) is None


def test_short_spans_are_for_what_is_not_long_ago():
    days = {1: MINUTE, 1.99: MINUTE, 2.01: FIVE_MINUTES, 8.9: FIVE_MINUTES, 9.01: HOUR, 400: HOUR}
    assert {age: finest(NOON - timedelta(days=age), NOON) for age in days} == days


def test_pruning_leaves_what_charts_show_and_all_hours(household, program):
    device = household.device()
    now = timezone.now()
    ages = [timedelta(), timedelta(days=1.9), timedelta(days=2.1), timedelta(days=8.9),
            timedelta(days=9.1), timedelta(days=400)]  # fmt: skip
    program.do("take", device, [reading(20, now - age) for age in ages])
    household.call(prune)
    left = household.call(
        lambda: [Summary.objects.filter(device=device, span=span).count()
                 for span in (MINUTE, FIVE_MINUTES, HOUR)]
    )  # fmt: skip
    assert left == [2, 4, 6]


def test_a_span_begins_at_a_round_time():
    at = datetime.fromisoformat("2026-11-22T14:38:59.999+00:00")
    assert [f"{start_of(at, span):%H:%M:%S}" for span in (MINUTE, FIVE_MINUTES, HOUR)] == [
        "14:38:00", "14:35:00", "14:00:00",
    ]  # fmt: skip
    assert start_of(datetime.fromisoformat("1969-12-31T23:59:59+00:00"), MINUTE).minute == 59
