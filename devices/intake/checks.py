"""Whether readings are what their device can have measured, and when; and the ids they get."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

from chat.protocol import Invalid, format_time, parse_time
from devices.ids import at_milliseconds, milliseconds, time_id
from devices.intake.refused import BadField
from devices.intake.shapes import Given
from devices.models import Device
from devices.models.device import LARGEST
from devices.readings import Reading
from devices.words import amount, number

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""What was measured before is of a board whose clock is not set: it is in 1970."""
AHEAD = timedelta(seconds=60)
"""So far a device's clock may be ahead of ours; its reading counts as now's."""
TIME_RULE = (
    "must be a time with its offset as 2026-11-22T09:30:00Z, or a number of seconds since 1970,"
    " from 2000 on and not ahead of now"
)


def check(
    device: Device, given: list[Given], now: datetime, timed: bool = False
) -> list[tuple[Reading, str]]:
    """The readings, each with the id by which it is stored once.

    `timed`: each must say its time; else one that does not is of `now`. Raises BadField.
    """
    found: dict[str, Reading] = {}
    now = _to_the_millisecond(now)
    for one in given:
        value = _value(device, one)
        _check_unit(device, one)
        at = _time(one, now, timed)
        # by the time that was given, so that what is told again, later, is the same reading
        reading, id_ = Reading(value, min(at, now)), time_id(at)
        if found.setdefault(id_, reading).value != value:
            field = one.field("time")
            raise BadField(field, f"must differ: another reading of {format_time(at)} comes before")
    in_time = sorted(found.items(), key=lambda item: item[1].at)  # alerts follow the course
    return [(reading, id_) for id_, reading in in_time]


def _value(device: Device, given: Given) -> float:
    field = given.field("value")
    if type(given.value) not in (int, float):  # a bool is an int, too
        raise BadField(field, "must be a number")
    try:
        value = float(given.value)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise BadField(field, "must be a finite number")
    if abs(value) > LARGEST:
        raise BadField(field, f"must be from {-LARGEST:.0f} to {LARGEST:.0f}")
    lowest, highest = device.lowest, device.highest
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise BadField(field, f"must be {_range(device)}, what {device.name} can measure")
    return value


def _range(device: Device) -> str:
    if device.lowest is None:
        return f"at most {amount(device.highest or 0.0, device.unit)}"
    if device.highest is None:
        return f"at least {amount(device.lowest, device.unit)}"
    return f"from {number(device.lowest)} to {amount(device.highest, device.unit)}"


def _check_unit(device: Device, given: Given) -> None:
    if given.unit not in (None, device.unit):
        raise BadField(given.field("unit"), f"must be “{device.unit}”, or left out")


def _time(given: Given, now: datetime, timed: bool) -> datetime:
    field = given.field("time")
    if given.time is None and not timed:
        return now
    try:
        at = _moment(given.time)
    except (Invalid, ValueError, OverflowError, OSError):
        raise BadField(field, TIME_RULE) from None
    if at > now + AHEAD:
        ahead = f"must not be more than {AHEAD.seconds} s ahead; it is {format_time(now)} here"
        raise BadField(field, ahead)
    if at < EARLIEST:
        raise BadField(field, f"must not be before {EARLIEST.year}; is the clock set?")
    return _to_the_millisecond(at)


def _moment(time: Any) -> datetime:
    if isinstance(time, str):
        return parse_time(time)
    if type(time) not in (int, float):
        raise ValueError
    return datetime.fromtimestamp(time, UTC)


def _to_the_millisecond(moment: datetime) -> datetime:
    """As messages, and their ids, have it."""
    return at_milliseconds(milliseconds(moment))
