"""From a body of JSON to stored readings: whole or not at all up to where storing begins."""

from typing import NamedTuple

from django.utils import timezone

from chat.limits import shared_buckets
from chat.posting import Outcome
from chat.protocol import Conflict, RateLimited, format_time
from devices.intake.checks import check
from devices.intake.shapes import READINGS_MAX, decode
from devices.models import Device
from devices.readings import Reading, report

READINGS_PER_SECOND = 10.0
"""Of one device, for long: five times what the shortest interval makes."""
READINGS_BURST = 2.0 * READINGS_MAX
"""What it has gathered while it was offline comes at once."""

_buckets = shared_buckets("readings", READINGS_PER_SECOND, READINGS_BURST)


class Report(NamedTuple):
    """What a device said at once, checked; nothing of it is stored yet."""

    device: Device
    readings: list[tuple[Reading, str]]
    given: int
    """How many readings there were, with those that it gave twice."""


class Taken(NamedTuple):
    """How many readings are new, and how many were there already."""

    stored: int
    repeated: int


def take(device: Device, raw: bytes) -> Taken:
    """Store the readings in `raw`. For any thread but the event loop's.

    Raises what `accept` and `store` do.
    """
    return store(accept(device, raw))


def accept(device: Device, raw: bytes, timed: bool = False, limited: bool = True) -> Report:
    """`timed`: each reading must say its time. `limited`: there may be too many of them.

    Raises Invalid (BadField where a field is to blame), and RateLimited.
    """
    given = decode(raw)
    readings = check(device, given, timezone.now(), timed)
    if limited:
        _check_rate(device, len(given))
    return Report(device, readings, len(given))


def store(accepted: Report) -> Taken:
    """Raises Conflict where another value is stored for a time, with all others stored, and
    Unavailable where storing the same again is right. For any thread but the event loop's."""
    device, readings, given = accepted
    outcomes = report(device, readings)
    _raise_first_error(readings, outcomes)
    stored = sum(not outcome.repeated for outcome in outcomes)
    return Taken(stored, given - stored)


def _check_rate(device: Device, count: int) -> None:
    """Take a token a reading. Who waits for as long as the error says has enough of them."""
    if wait := _buckets.take(device.name, count):
        raise RateLimited(
            f"A device may report {READINGS_PER_SECOND:g} readings a second, and"
            f" {READINGS_BURST:,.0f} at once; wait a little.",
            retry_after=wait,
        )


def _raise_first_error(readings: list[tuple[Reading, str]], outcomes: list[Outcome]) -> None:
    errors = [
        (reading, outcome.error)
        for (reading, _), outcome in zip(readings, outcomes, strict=True)
        if outcome.error
    ]
    for _, error in errors:
        if not isinstance(error, Conflict):
            raise error
    for reading, _ in errors:
        raise Conflict(_differs(reading, len(readings) - len(errors)))


def _differs(reading: Reading, others: int) -> str:
    at = format_time(reading.at)
    rest = f" {others} other{'s are' if others > 1 else ' is'} stored." if others else ""
    return f"For the time {at} another value is stored, and stays.{rest}"
