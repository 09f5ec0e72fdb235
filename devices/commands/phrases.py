"""What several answers say of a device."""

from datetime import datetime, timedelta
from math import ceil

from chat.spans import span
from devices.models import Device, Snooze
from devices.words import age, amount, time


def last_reading(device: Device, now: datetime) -> str:
    if device.last_value is None or device.last_at is None:
        return "There is no reading yet."
    value = amount(device.last_value, device.unit)
    return (
        f"The last reading is {value}, {age(device.last_at, now)}, at {time(device.last_at, now)}."
    )


def bounds(device: Device) -> str:
    """What it can measure: “from -10 °C to 40 °C”; "" where it has no bounds."""
    ends = (("from", device.lowest), ("to", device.highest))
    return " ".join(f"{word} {amount(end, device.unit)}" for word, end in ends if end is not None)


def every(device: Device) -> str:
    return f"every {span(timedelta(seconds=device.interval))}"


def until(at: datetime, now: datetime) -> str:
    """How long it is until `at`, in whole seconds, a second at the least."""
    return span(timedelta(seconds=max(1, ceil((at - now).total_seconds()))))


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def held_back(device: Device, account: str, now: datetime) -> list[str]:
    """Until when this person gets no alerts of the device, where that is so: a line, or none."""
    mine = Snooze.objects.filter(device=device, account=account, until__gt=now)
    return [f"Alerts are held back until {time(snooze.until, now)}." for snooze in mine]
