"""Alerts: a person, or a room that the device is in, is told once when a value is beyond their
threshold.

They are told again only after it has come back by the hysteresis. While a person has snoozed the
device nothing is told; what is still beyond when that ends is told by the next reading.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from chat.conversation_ids import dm_id
from chat.models import Message
from chat.posting import Draft
from chat.protocol import format_time
from devices.course import Measured
from devices.models import Device, Snooze, Threshold
from devices.thresholds import Change
from devices.visibility import Seeing
from devices.words import amount, tidy, time

ABOVE, BELOW = Threshold.Direction.ABOVE.value, Threshold.Direction.BELOW.value


class Evaluation(NamedTuple):
    drafts: list[Draft]
    changes: list[Change]


def evaluate(device: Device, readings: Sequence[Measured]) -> Evaluation:
    """What to tell about these readings, each later than the one before it. Runs queries."""
    alerts: list[tuple[Measured, Threshold]] = []
    changes = []
    held = _held(device) if readings else {}
    for threshold in _concerned(device, readings):
        beyond, told = _follow(threshold, readings, held.get(threshold.account_id or ""))
        alerts.extend((reading, threshold) for reading in beyond)
        if told != threshold.told:
            changes.append(Change(threshold, told))
    alerts.sort(key=lambda alert: alert[0].seq)
    return Evaluation([_alert(device, *alert) for alert in alerts], changes)


def _held(device: Device) -> dict[str, datetime]:
    """By account, until when nothing is told."""
    return dict(Snooze.objects.filter(device=device).values_list("account_id", "until"))


def _concerned(device: Device, readings: Sequence[Measured]) -> QuerySet[Threshold]:
    """The thresholds on which the readings can have an effect, of those who may be told."""
    if not readings:
        return Threshold.objects.none()
    values = [reading.value for reading in readings]
    low, high = min(values), max(values)
    effect = (
        Q(direction=ABOVE, told=False, value__lt=high)
        | Q(direction=BELOW, told=False, value__gt=low)
        | Q(direction=ABOVE, told=True, value__gte=_returned(ABOVE, low))
        | Q(direction=BELOW, told=True, value__lte=_returned(BELOW, high))
    )
    found = Threshold.objects.select_related("place").filter(effect, device=device)
    found = found.filter(account__deleted_at=None, place__conversation__room__closed_at=None)
    if device.visible_to_all:
        return found
    seeing = Seeing._default_manager.filter(device_id=device.pk)
    return found.filter(account__in=seeing.values("account_id"))


def _follow(
    threshold: Threshold, readings: Iterable[Measured], held_until: datetime | None
) -> tuple[list[Measured], bool]:
    """The readings that are to be told, and whether the last word was that it is beyond."""
    beyond, told = [], threshold.told
    for reading in readings:
        held = held_until is not None and reading.stored_at < held_until
        if told:
            told = not _is_back(threshold, reading.value)
        elif _is_beyond(threshold, reading.value) and not held:
            beyond.append(reading)
            told = True
    return beyond, told


def _is_beyond(threshold: Threshold, value: float) -> bool:
    return value > threshold.value if threshold.direction == ABOVE else value < threshold.value


def _is_back(threshold: Threshold, value: float) -> bool:
    returned = _returned(threshold.direction, value)
    return returned <= threshold.value if threshold.direction == ABOVE else (
        returned >= threshold.value)  # fmt: skip


def _returned(direction: str, value: float) -> float:
    """The nearest threshold that is armed again by `value`."""
    sign = 1 if direction == ABOVE else -1
    return tidy(value + sign * settings.ALERT_HYSTERESIS)


def _alert(device: Device, reading: Measured, threshold: Threshold) -> Draft:
    direction, limit = threshold.direction, amount(threshold.value, device.unit)
    measured = f"{amount(reading.value, device.unit)} at {time(reading.at, reading.stored_at)}"
    return Draft(
        sender=device.name,
        conversation=_where(device, threshold),
        client_id=f"alert:{threshold.pk}:{reading.seq}",
        kind=Message.Kind.ALERT.value,
        body=f"{measured}: {direction} {limit}{'' if threshold.place else ', as you asked'}.",
        data={
            "value": reading.value,
            "unit": device.unit,
            "at": format_time(reading.at),
            "direction": direction,
            "threshold": threshold.value,
        },
    )


def _where(device: Device, threshold: Threshold) -> str:
    if threshold.place is not None:
        return str(threshold.place.conversation_id)
    return dm_id(device.name, str(threshold.account_id))
