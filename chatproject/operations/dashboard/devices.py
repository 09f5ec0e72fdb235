"""Devices, and whether they report as they should."""

from collections import Counter
from typing import NamedTuple

from django.utils import timezone

from devices.models import Device
from devices.states import FRESH, OVERDUE, STATES, state
from devices.words import age, amount

LOOKED_AT = 1_000
SHOWN = 8
ORDER = (OVERDUE, FRESH)
"""What is shown first; all else comes after."""


class Shown(NamedTuple):
    name: str
    title: str
    state: str
    last: str


class Devices(NamedTuple):
    counts: list[tuple[str, int]]
    shown: list[Shown]
    is_all: bool


def look() -> Devices:
    """One query; there are few devices."""
    now = timezone.now()
    found = Device.objects.select_related("account").order_by("pk")[:LOOKED_AT]
    states = [(device, state(device, now)) for device in found]
    counts = Counter(known for _, known in states)
    first = sorted(states, key=lambda one: _rank(one[1]))[:SHOWN]
    shown = [
        Shown(device.name, device.account.shown_title, known, _last(device))
        for device, known in first
    ]
    return Devices([(s, counts[s]) for s in STATES if counts[s]], shown, len(states) <= SHOWN)


def _rank(known: str) -> int:
    return ORDER.index(known) if known in ORDER else len(ORDER)


def _last(device: Device) -> str:
    if device.last_value is None or device.last_at is None:
        return "-"
    return f"{amount(device.last_value, device.unit)}, {age(device.last_at, timezone.now())}"
