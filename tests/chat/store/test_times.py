"""Times: kept to the millisecond, cut off in a time zone, over the days on which clocks change."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from chat.models import Message
from tests.chat.store.rows import AB, row

Kind = Literal["year", "month", "day", "hour"]
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KINDS: tuple[Kind, ...] = ("year", "month", "day", "hour")
CHANGES = (
    datetime(2026, 3, 29, 1, tzinfo=UTC),  # to summer time
    datetime(2026, 10, 25, 1, tzinfo=UTC),  # and back
    datetime(2026, 12, 31, 23, tzinfo=UTC),  # a year ends
)


def around(change: datetime) -> list[datetime]:
    """Every 20 minutes of the two days around it, and the milliseconds beside it."""
    times = [change + timedelta(minutes=20 * step) for step in range(-72, 73)]
    return sorted([*times, change - timedelta(milliseconds=1), change + timedelta(milliseconds=1)])


@pytest.fixture
def times(store):
    times = [at for change in CHANGES for at in around(change)]
    store.insert([row(AB, seq, sent_at=at) for seq, at in enumerate(times, start=1)])
    return times


def test_they_come_back_as_they_were(store, times):
    assert list(Message.objects.order_by("seq").values_list("sent_at", flat=True)) == times
    assert [message.sent_at[-5:] for message in store.after(AB, 0, 500)] == [
        f"{at.microsecond // 1000:03}Z"[-5:].rjust(5, ".") for at in times
    ]


def test_they_are_compared_as_moments(times):
    for zone in (UTC, BERLIN, NEW_YORK):
        for at in times[::45]:
            there = at.astimezone(zone)
            before = Message.objects.filter(sent_at__lt=there)
            assert before.count() == sum(other < at for other in times)
            assert Message.objects.filter(sent_at__range=(there, times[-1])).count() == sum(
                other >= at for other in times
            )


def test_cut_off_where_the_clock_says(times):
    """What a date hierarchy or a chart by day asks for."""
    for zone, kind in itertools.product((BERLIN, NEW_YORK, UTC), KINDS):
        expected = sorted({cut(at.astimezone(zone), kind) for at in times})
        found = Message.objects.datetimes("sent_at", kind, tzinfo=zone)
        latest_first = Message.objects.datetimes("sent_at", kind, order="DESC", tzinfo=zone)
        # An hour that comes twice may be told once or twice
        assert list(dict.fromkeys(found)) == expected, (zone, kind)
        assert list(dict.fromkeys(latest_first)) == expected[::-1], (zone, kind)


def cut(at: datetime, kind: str) -> datetime:
    month = 1 if kind == "year" else at.month
    day = 1 if kind in ("year", "month") else at.day
    hour = at.hour if kind == "hour" else 0
    return datetime(at.year, month, day, hour, tzinfo=at.tzinfo)
