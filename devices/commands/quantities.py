"""Numbers and lengths of time as people type them. What is none raises Invalid, saying why."""

import re
from datetime import timedelta

from chat.protocol import Invalid
from chat.typed import plain, shown
from devices.models.device import LARGEST
from devices.words import amount, tidy

LONGEST = timedelta(days=30)
SHORTEST = timedelta(minutes=1)
MINUS = ("-", "−", "–")

_VALUE = re.compile(r"(?P<sign>[+−–-]?) ?(?P<number>\d+(?:[.,]\d*)?|[.,]\d+) ?(?P<unit>.*)", re.S)
_GROUPED = re.compile(r"[1-9]\d{0,2},\d{3}")
_COUNT = r"(?:(?P<{}>\d{{1,6}}(?:[.,]\d{{1,6}})?) ?(?:{}))?"
_LENGTH = re.compile(
    " ?".join(
        [
            _COUNT.format("days", "days?|d"),
            _COUNT.format("hours", "hours?|hrs?|h"),
            _COUNT.format("minutes", "minutes?|mins?|m"),
        ]
    )
)


def value_of(text: str, unit: str) -> float:
    """The number in `text`, which may have a sign, a decimal point or comma, and this unit."""
    found = _VALUE.fullmatch(text)
    if found is None:
        raise Invalid(f"{shown(text)} is not a number; write it like “30” or “-2.5”.")
    if found["unit"] and _bare(found["unit"]) != _bare(unit):
        raise Invalid(f"The unit here is {unit}, not {shown(found['unit'])}.")
    if _GROUPED.fullmatch(found["number"]):
        raise Invalid(f"{shown(text)} can be read in two ways; write it like “1000” or “1.5”.")
    value = float(found["number"].replace(",", "."))
    if value > LARGEST:
        raise Invalid(f"A value is from {amount(-LARGEST, unit)} to {amount(LARGEST, unit)}.")
    return tidy(-value if found["sign"] in MINUS else value)


def _bare(unit: str) -> str:
    """As units are compared: “C” for “°C” will do."""
    return plain(unit).removeprefix("°").strip()


def length_of(text: str) -> timedelta:
    """The length of time in `text`, such as “2h”, “1h30m” or “1 day”: a minute to 30 days."""
    found = _LENGTH.fullmatch(text)
    counts = {unit: _count(count) for unit, count in found.groupdict().items()} if found else {}
    if not any(counts.values()):
        raise Invalid(
            f"{shown(text)} is not a length of time; write it like “30m”, “2h”, “1h30m” or “1d”."
        )
    length = timedelta(**counts)
    if not SHORTEST <= length <= LONGEST:
        raise Invalid("Alerts can be held back for 1 minute at least, and 30 days at most.")
    return length


def _count(count: str | None) -> float:
    return float(count.replace(",", ".")) if count else 0.0
