"""How a device is, in a word, for who runs the chat."""

from datetime import datetime

from devices.freshness import is_online
from devices.models import Device

FRESH, OVERDUE, NEW, DISABLED = "fresh", "overdue", "new", "disabled"
STATES = (FRESH, OVERDUE, NEW, DISABLED)
"""It reports as it should, it does not, it never has yet, it is switched off."""


def state(device: Device, now: datetime) -> str:
    if not device.enabled:
        return DISABLED
    if device.last_at is None:
        return NEW
    return FRESH if is_online(device, now) else OVERDUE
