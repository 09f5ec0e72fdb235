"""What charts draw: the summaries of a device's readings over the last hour, day or week."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from devices.ids import milliseconds
from devices.models import Device, Summary
from devices.models.summary import FIVE_MINUTES, HOUR, MINUTE
from devices.summaries import start_of
from devices.words import tidy

DAY = timedelta(days=1)
SPARK_POINTS = 96
SPARK_STEP = 900
"""Seconds."""


class Range(NamedTuple):
    length: timedelta
    step: int
    """Seconds; one of the spans of summaries."""


RANGES = {
    "1h": Range(timedelta(hours=1), MINUTE),
    "24h": Range(timedelta(days=1), FIVE_MINUTES),
    "7d": Range(timedelta(days=7), HOUR),
}


@dataclass(frozen=True)
class Point:
    """The readings from `at` on, for a step: their average, and their extremes with when."""

    at: datetime
    value: float
    lowest: float
    lowest_at: datetime
    lowest_seq: int | None
    """The message's, in the feed; None where it is not known."""
    highest: float
    highest_at: datetime
    highest_seq: int | None
    count: int


class Chart(NamedTuple):
    since: datetime
    until: datetime
    step: int
    points: list[Point]
    """Oldest first; where there was no reading, there is none."""


class Day(NamedTuple):
    """A device's last 24 hours: of single readings the extremes, of 15 minutes the averages."""

    lowest: float
    highest: float
    spark: list[tuple[int, float]]
    """At most 96 points: [milliseconds since 1970, average]."""


def chart(device: Device, range_: str, now: datetime) -> Chart:
    """The device's readings up to `now`; `range_` is a key of RANGES."""
    length, step = RANGES[range_]
    since = now - length
    found = Summary.objects.filter(device=device, span=step, start__gt=since, start__lte=now)
    return Chart(since, now, step, [point(summary) for summary in found.order_by("start")])


def days(devices: Iterable[Device], now: datetime) -> dict[str, Day]:
    """The last 24 hours of each device that has a reading in them, by its name; one query."""
    found = Summary.objects.filter(
        device__in=devices, span=FIVE_MINUTES, start__gt=now - DAY, start__lte=now
    )
    by_device: defaultdict[str, list[Summary]] = defaultdict(list)
    for summary in found.order_by("start"):
        by_device[summary.device_id].append(summary)
    return {device: _day(summaries) for device, summaries in by_device.items()}


def _day(summaries: Sequence[Summary]) -> Day:
    lowest = min(summary.lowest for summary in summaries)
    return Day(lowest, max(summary.highest for summary in summaries), _spark(summaries))


def _spark(summaries: Iterable[Summary]) -> list[tuple[int, float]]:
    sums: dict[datetime, tuple[float, int]] = {}
    for summary in summaries:
        at = start_of(summary.start, SPARK_STEP)
        total, count = sums.get(at, (0.0, 0))
        sums[at] = total + summary.total, count + summary.count
    points = [(milliseconds(at), tidy(total / count)) for at, (total, count) in sums.items()]
    return points[-SPARK_POINTS:]


def point(summary: Summary) -> Point:
    return Point(
        at=summary.start,
        value=tidy(summary.total / summary.count),
        lowest=summary.lowest,
        lowest_at=summary.lowest_at,
        lowest_seq=summary.lowest_seq,
        highest=summary.highest,
        highest_at=summary.highest_at,
        highest_seq=summary.highest_seq,
        count=summary.count,
    )
