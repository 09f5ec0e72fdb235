"""Readings summed up over spans of time, as they come: see `charts.py` and `extremes.py`."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from devices.course import Measured
from devices.models import Device, Summary
from devices.models.summary import FIVE_MINUTES, MINUTE, SPANS

KEPT = {MINUTE: timedelta(days=2), FIVE_MINUTES: timedelta(days=9)}
"""By span; hours for ever."""
MERGED = ["count", "total", "lowest", "lowest_at", "highest", "highest_at"]

Place = tuple[int, datetime]
"""A span, and when it starts."""


def add(device: Device, readings: Iterable[Measured]) -> None:
    """Count readings, in the transaction that has locked the device's row."""
    new: dict[Place, Summary] = {}
    for reading in readings:
        for span in SPANS:
            place = (span, start_of(reading.at, span))
            new[place] = _merged(new.get(place), _alone(device, place, reading))
    known = _stored(device, new)
    Summary.objects.bulk_create(
        [_merged(known.get(place), summary) for place, summary in new.items()],
        update_conflicts=True,
        update_fields=MERGED,
        unique_fields=["device", "span", "start"],
    )


def prune() -> None:
    """Delete what no chart shows any more."""
    for span, age in KEPT.items():
        Summary.objects.filter(span=span, start__lt=timezone.now() - age).delete()


def start_of(moment: datetime, span: int) -> datetime:
    """When the span that `moment` lies in starts; spans are counted from 1970."""
    return datetime.fromtimestamp(moment.timestamp() // span * span, UTC)


def _alone(device: Device, place: Place, reading: Measured) -> Summary:
    value, at = reading.value, reading.at
    return Summary(
        device=device, span=place[0], start=place[1], count=1, total=value,
        lowest=value, lowest_at=at, highest=value, highest_at=at,
    )  # fmt: skip


def _merged(one: Summary | None, other: Summary) -> Summary:
    """`other` with what `one` has; of equal extremes, the earlier one."""
    if one is None:
        return other
    other.count += one.count
    other.total += one.total
    both = (one, other)
    other.lowest, other.lowest_at = min((each.lowest, each.lowest_at) for each in both)
    highest = max(one.highest, other.highest)
    other.highest_at = min(each.highest_at for each in both if each.highest == highest)
    other.highest = highest
    return other


def _stored(device: Device, places: Iterable[Place]) -> dict[Place, Summary]:
    found = Q()
    for span in SPANS:
        found |= Q(span=span, start__in=[start for its, start in places if its == span])
    stored = Summary.objects.filter(found, device=device)
    return {(summary.span, summary.start): summary for summary in stored}
