"""What charts draw: the summaries of a device's readings over the last hour, day or week."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from devices.ids import milliseconds
from devices.models import Device, Summary
from devices.models.summary import FIVE_MINUTES, HOUR, MINUTE
from devices.summaries import start_of
from devices.words import tidy

SPARK_FOR = timedelta(days=1)
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
    """The readings from `at` on, for a step: their average and their extremes."""

    at: datetime
    value: float
    lowest: float
    highest: float
    count: int


class Chart(NamedTuple):
    since: datetime
    until: datetime
    step: int
    points: list[Point]
    """Oldest first; where there was no reading, there is none."""


def chart(device: Device, range_: str, now: datetime) -> Chart:
    """The device's readings up to `now`; `range_` is a key of RANGES."""
    length, step = RANGES[range_]
    since = now - length
    found = Summary.objects.filter(device=device, span=step, start__gt=since, start__lte=now)
    return Chart(since, now, step, [_point(summary) for summary in found.order_by("start")])


def sparks(devices: Iterable[Device], now: datetime) -> dict[str, list[tuple[int, float]]]:
    """By device, the last 24 hours in at most 96 points: [milliseconds since 1970, average]."""
    found = Summary.objects.filter(
        device__in=devices, span=FIVE_MINUTES, start__gt=now - SPARK_FOR, start__lte=now
    )
    sums: dict[str, dict[datetime, tuple[float, int]]] = {}
    for device, start, total, count in found.order_by("start").values_list(
        "device_id", "start", "total", "count"
    ):
        its, at = sums.setdefault(device, {}), start_of(start, SPARK_STEP)
        before = its.get(at, (0.0, 0))
        its[at] = before[0] + total, before[1] + count
    return {device: _spark(its) for device, its in sums.items()}


def _spark(sums: Mapping[datetime, tuple[float, int]]) -> list[tuple[int, float]]:
    points = [(milliseconds(at), tidy(total / count)) for at, (total, count) in sums.items()]
    return points[-SPARK_POINTS:]


def _point(summary: Summary) -> Point:
    average = tidy(summary.total / summary.count)
    return Point(summary.start, average, summary.lowest, summary.highest, summary.count)
