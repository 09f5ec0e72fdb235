"""How values, times and lengths of time are written for people: short, with units, in UTC."""

from datetime import UTC, datetime, timedelta

DECIMALS = 4
SMALLEST, LARGEST = 10.0**-DECIMALS, 1e15
"""What is not between them is written with a power of ten."""
SHORT = 120.0
"""Seconds up to which a length of time is said in seconds alone."""
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


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


def span(length: timedelta) -> str:
    """A length of time in at most two units, rounded down: 0.5 s, 100 s, 2 h 5 min."""
    seconds = length.total_seconds()
    if seconds < SHORT:
        return f"{seconds:.1f} s" if seconds < 10 and seconds % 1 else f"{int(seconds)} s"
    whole = int(seconds)
    first = next(place for place, (_, size) in enumerate(UNITS) if whole >= size)
    parts = []
    for name, size in UNITS[first : first + 2]:
        count, whole = divmod(whole, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts)


def age(at: datetime, now: datetime) -> str:
    """How long ago `at` was, in whole seconds: 40 s ago."""
    seconds = int((now - at).total_seconds())
    return f"{span(timedelta(seconds=seconds))} ago" if seconds > 0 else "just now"
