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
LOWEST = ("lowest", "lowest_at", "lowest_seq")
HIGHEST = ("highest", "highest_at", "highest_seq")
MERGED = ["count", "total", *LOWEST, *HIGHEST]

Place = tuple[int, datetime]
"""A span, and when it starts."""


def add(device: Device, readings: Iterable[Measured]) -> None:
    """Count readings, in the transaction that has locked the device's row."""
    new: dict[Place, Summary] = {}
    for reading in readings:
        for span in SPANS:
            place = (span, start_of(reading.at, span))
            new[place] = merged(new.get(place), _alone(device, place, reading))
    known = _stored(device, new)
    Summary.objects.bulk_create(
        [merged(known.get(place), summary) for place, summary in new.items()],
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
    seq, value, at, _ = reading
    return Summary(
        device=device, span=place[0], start=place[1], count=1, total=value,
        lowest=value, lowest_at=at, lowest_seq=seq,
        highest=value, highest_at=at, highest_seq=seq,
    )  # fmt: skip


def merged(one: Summary | None, other: Summary) -> Summary:
    """`other` with what `one` has; of equal extremes, the earlier one."""
    if one is None:
        return other
    other.count += one.count
    other.total += one.total
    _take(other, LOWEST, min(one, other, key=lambda each: (each.lowest, each.lowest_at)))
    _take(other, HIGHEST, min(one, other, key=lambda each: (-each.highest, each.highest_at)))
    return other


def _take(summary: Summary, names: Iterable[str], source: Summary) -> None:
    for name in names:
        setattr(summary, name, getattr(source, name))


def _stored(device: Device, places: Iterable[Place]) -> dict[Place, Summary]:
    found = Q()
    for span in SPANS:
        found |= Q(span=span, start__in=[start for its, start in places if its == span])
    stored = Summary.objects.filter(found, device=device)
    return {(summary.span, summary.start): summary for summary in stored}
