"""The lowest, the highest and the average reading, from summaries: no scan of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, QuerySet, Sum

from devices.course import Measured
from devices.models import Device, Summary
from devices.models.summary import HOUR, MINUTE
from devices.summaries import start_of
from devices.words import tidy


@dataclass(frozen=True)
class Extremes:
    lowest: float
    lowest_at: datetime
    lowest_seq: int | None
    """Its message's, in the feed; None where that is not known any more."""
    highest: float
    highest_at: datetime
    highest_seq: int | None
    average: float
    count: int


def extremes(device: Device, since: datetime | None = None) -> Extremes | None:
    """Of all readings, or of those from the minute of `since` on, up to two days ago.

    None where there are none. Of equal extremes the earliest is given.
    """
    found = Summary.objects.filter(device=device, span=HOUR if since is None else MINUTE)
    if since is not None:
        found = found.filter(start__gte=start_of(since, MINUTE))
    return of(found)


def of(found: QuerySet[Summary]) -> Extremes | None:
    """Of the readings in these summaries, which are a device's and all of one span."""
    sums = found.aggregate(Sum("total"), Sum("count"), Min("lowest"), Max("highest"))
    if not (count := sums["count__sum"]):
        return None
    lowest, highest = sums["lowest__min"], sums["highest__max"]
    return Extremes(
        lowest, *_first(found.filter(lowest=lowest), "lowest_at", "lowest_seq"),
        highest, *_first(found.filter(highest=highest), "highest_at", "highest_seq"),
        tidy(sums["total__sum"] / count), count,
    )  # fmt: skip


def among(readings: Sequence[Measured]) -> Extremes | None:
    """The same of single readings."""
    if not readings:
        return None
    lowest = min(readings, key=lambda reading: (reading.value, reading.at))
    highest = min(readings, key=lambda reading: (-reading.value, reading.at))
    return Extremes(
        lowest.value, lowest.at, lowest.seq, highest.value, highest.at, highest.seq,
        tidy(sum(reading.value for reading in readings) / len(readings)), len(readings),
    )  # fmt: skip


def _first(found: QuerySet[Summary], at: str, seq: str) -> tuple[datetime, int | None]:
    return found.order_by(at).values_list(at, seq)[0]
