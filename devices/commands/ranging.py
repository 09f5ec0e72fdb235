"""`range`: the extremes and the average of what was measured, and what can be measured."""

from datetime import datetime, timedelta

from devices.commands.phrases import bounds, counted
from devices.commands.registry import Reply, command
from devices.extremes import Extremes, extremes
from devices.models import Device
from devices.words import amount, time

LATELY = timedelta(hours=24)


@command("range", ("range", "the lowest, highest and average reading, and when"))
def range_(device: Device, account: str, argument: str, now: datetime) -> Reply:
    ever = extremes(device)
    if ever is None:
        return Reply("\n".join(["There is no reading yet.", *_bounds(device)]))
    lately = extremes(device, now - LATELY)
    lines = [
        f"In the last 24 hours: {_said(lately, device, now) if lately else 'no readings.'}",
        f"Of all time: {_said(ever, device, now)}",
        *_bounds(device),
    ]
    return Reply("\n".join(lines))


def _said(found: Extremes, device: Device, now: datetime) -> str:
    def measured(value: float, at: datetime) -> str:
        return f"{amount(value, device.unit)} at {time(at, now)}"

    lowest = measured(found.lowest, found.lowest_at)
    highest = measured(found.highest, found.highest_at)
    average = amount(found.average, device.unit)
    readings = counted(found.count, "reading", "readings")
    return f"lowest {lowest}; highest {highest}; average {average} of {readings}."


def _bounds(device: Device) -> list[str]:
    """A line, or none."""
    if not (within := bounds(device)):
        return []
    return [f"The simulation goes {within}." if device.simulated else f"It measures {within}."]
