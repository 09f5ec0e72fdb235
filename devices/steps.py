"""Summaries put together into steps of any length that their spans divide."""

from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from devices.charts import Point, point
from devices.models import Device, Summary
from devices.models.summary import HOUR, SPANS
from devices.summaries import KEPT, merged, start_of


def finest(since: datetime, now: datetime) -> int:
    """The shortest span, in seconds, whose summaries from `since` on are kept."""
    kept = (span for span, age in KEPT.items() if start_of(since, span) > now - age)
    return min(kept, default=HOUR)


def span_of(step: int) -> int:
    """The longest span whose summaries make up such steps: the fewest rows."""
    return max(span for span in SPANS if step % span == 0)


def between(device: Device, span: int, since: datetime, until: datetime) -> QuerySet[Summary]:
    """Those of the device that begin from `since` on, before `until`."""
    return Summary.objects.filter(device=device, span=span, start__gte=since, start__lt=until)


def steps(device: Device, step: int, since: datetime, until: datetime) -> list[Point]:
    """The readings of each step, a multiple of `finest`, that begins from `since` on, before
    `until`: oldest first, and where there was no reading, there is none."""
    found = between(device, span_of(step), since, until).order_by("start")
    return [
        point(_together(start, list(group)))
        for start, group in groupby(found, lambda summary: start_of(summary.start, step))
    ]


def _together(start: datetime, summaries: list[Summary]) -> Summary:
    one, *others = summaries
    for other in others:
        one = merged(one, other)
    one.start = start
    return one
