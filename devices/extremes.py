"""The lowest, the highest and the average reading, from summaries: no scan of messages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, QuerySet, Sum

from devices.models import Device, Summary
from devices.models.summary import HOUR, MINUTE
from devices.summaries import start_of
from devices.words import tidy


@dataclass(frozen=True)
class Extremes:
    lowest: float
    lowest_at: datetime
    highest: float
    highest_at: datetime
    average: float
    count: int


def extremes(device: Device, since: datetime | None = None) -> Extremes | None:
    """Of all readings, or of those from the minute of `since` on, up to two days ago.

    None where there are none. Of equal extremes the earliest is given.
    """
    found = Summary.objects.filter(device=device, span=HOUR if since is None else MINUTE)
    if since is not None:
        found = found.filter(start__gte=start_of(since, MINUTE))
    sums = found.aggregate(Sum("total"), Sum("count"), Min("lowest"), Max("highest"))
    if not (count := sums["count__sum"]):
        return None
    lowest, highest = sums["lowest__min"], sums["highest__max"]
    return Extremes(
        lowest, _first(found.filter(lowest=lowest), "lowest_at"),
        highest, _first(found.filter(highest=highest), "highest_at"),
        tidy(sums["total__sum"] / count), count,
    )  # fmt: skip


def _first(found: QuerySet[Summary], moment: str) -> datetime:
    return found.order_by(moment).values_list(moment, flat=True)[0]
