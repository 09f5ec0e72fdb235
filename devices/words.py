"""How values, times and ages are written, for people: here alone."""

from datetime import UTC, datetime, timedelta

DECIMALS = 4
SMALLEST, LARGEST = 10.0**-DECIMALS, 1e15
"""What is not between them is written with a power of ten."""
UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))


def number(value: float) -> str:
    """At most four decimals, and no more than it needs: 21.4, -5, 0, 1.234e-07."""
    if value and not SMALLEST <= abs(value) < LARGEST:
        return f"{value:.{DECIMALS}g}"
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tidy(value: float) -> float:
    """The number that `number` writes: 21.4 for 21.400000000000002, and no negative zero."""
    return float(number(value))


def measured(value: float, unit: str) -> str:
    """A value with its unit: 21.4 °C."""
    return f"{number(value)} {unit}"


def clock(moment: datetime, now: datetime) -> str:
    """A time of the day, with the date where that is not the one of `now`; in UTC."""
    moment, now = moment.astimezone(UTC), now.astimezone(UTC)
    time = f"{moment:%H:%M} UTC"
    if moment.date() == now.date():
        return time
    year = "" if moment.year == now.year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}, {time}"


def duration(length: timedelta) -> str:
    """In the largest unit that it has two of, whole: 40 s, 5 min, 3 h, 12 d; 0.5 s below two."""
    seconds = max(length.total_seconds(), 0.0)
    for unit, size in UNITS:
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return seconds_in_words(seconds if seconds < 2 else seconds // 1)


def seconds_in_words(seconds: float) -> str:
    """Seconds as they are: 100 s, 0.5 s."""
    return f"{number(round(seconds, 1))} s"


def ago(moment: datetime, now: datetime) -> str:
    """How long `moment` is over: 40 s ago; “just now” for less than a second, or ahead."""
    passed = now - moment
    return "just now" if passed < timedelta(seconds=1) else f"{duration(passed)} ago"
