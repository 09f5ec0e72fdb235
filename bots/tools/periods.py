"""Times as a model gives them, and the period that two of them make."""

import re
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple

from chat.protocol import Invalid, format_time
from chat.typed import shown
from devices import steps
from devices.summaries import start_of

FORMS = (
    "a time in UTC like 2026-11-22T09:30:00Z, “now”, “today” or “yesterday” (their 00:00 UTC),"
    " or how long ago, like “30m”, “24h” or “7d”"
)
LONGEST = timedelta(days=366)
MOST_STEPS = 50
MILLISECOND = timedelta(milliseconds=1)

_AGO = re.compile(r"-?(\d{1,6}) ?([mhd])", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
DAY = _UNITS["d"]


class Period(NamedTuple):
    since: datetime
    until: datetime

    def widened(self, step: int, now: datetime) -> "Period":
        """To whole steps, in seconds, as far as they are over: to the last moment of the last."""
        end = start_of(self.until - MILLISECOND, step) + timedelta(seconds=step) - MILLISECOND
        return Period(start_of(self.since, step), min(end, now))


def period(since: str, until: str, now: datetime) -> Period:
    """Raises Invalid. What lies ahead is left out."""
    begin, end = _moment(since, "since", now), min(_moment(until, "until", now), now)
    if begin >= end:
        raise Invalid(f"“since” must be before “until” and before now: it is {format_time(now)}.")
    if end - begin > LONGEST:
        raise Invalid(f"From “since” to “until” must be at most {LONGEST.days} days.")
    return Period(begin, end)


def check_step(step: int, asked: Period, now: datetime) -> None:
    """Raises Invalid unless there are summaries of this step, and no more of them than we give."""
    finest = steps.finest(asked.since, now)
    if step < finest or step % finest:
        raise Invalid(f"“step” must be 0, or a multiple of {finest} seconds for this period.")
    begin, end = asked.widened(step, now)
    if (end - begin) / timedelta(seconds=step) > MOST_STEPS:
        length = (asked.until - asked.since).total_seconds()
        least = ceil(length / (MOST_STEPS - 1) / finest) * finest  # one of them is in two parts
        raise Invalid(f"These are more than {MOST_STEPS} steps; “step” must be {least} or more.")


def _moment(text: str, name: str, now: datetime) -> datetime:
    words = _words(now)
    plain = text.strip().lower()
    if plain in words:
        return words[plain]
    try:
        if ago := _AGO.fullmatch(plain):
            return now - int(ago[1]) * _UNITS[ago[2]]
        found = datetime.fromisoformat(plain.upper())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"“{name}” is {FORMS}; not {shown(text)}.") from None


def _words(now: datetime) -> dict[str, datetime]:
    today = start_of(now, int(DAY.total_seconds()))
    return {"now": now, "today": today, "yesterday": today - DAY}
