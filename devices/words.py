"""How values, times and lengths of time are written for people: short, with units, in UTC."""

from datetime import UTC, datetime, timedelta

from chat.spans import span

DECIMALS = 4
SMALLEST, LARGEST = 10.0**-DECIMALS, 1e15
"""What is not between them is written with a power of ten."""


def number(value: float) -> str:
    """At most four decimals, and no more than it needs: 21.4, -5, 0, 1.234e-07."""
    if value and not SMALLEST <= abs(value) < LARGEST:
        return f"{value:.{DECIMALS}g}"
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tidy(value: float) -> float:
    """The number that `number` writes: 21.4 for 21.400000000000002, and no negative zero."""
    return float(number(value))


def amount(value: float, unit: str) -> str:
    """A value with its unit: 21.4 °C."""
    return f"{number(value)} {unit}"


def time(at: datetime, now: datetime) -> str:
    """The time of `at`, with its date where that is not today's: 14:03 UTC."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    if at.date() == now.date():
        return f"{at:%H:%M} UTC"
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {at:%B}{year}, {at:%H:%M} UTC"


def age(at: datetime, now: datetime) -> str:
    """How long ago `at` was, in whole seconds: 40 s ago."""
    seconds = int((now - at).total_seconds())
    return f"{span(timedelta(seconds=seconds))} ago" if seconds > 0 else "just now"
