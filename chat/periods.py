"""Messages of a year, a month or a day, by their ids: these begin with the time, and have an index
on every engine, which `sent_at` has not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from chat.ids import beginning, time_of
from chat.models import Message

REST = "-0000-0000-000000000000"
"""Of the least id that has a beginning."""


class Period(NamedTuple):
    """From the beginning of `first` to that of `end` (UTC); called 2026, 2026-11, 2026-11-23."""

    name: str
    first: date
    end: date

    @property
    def title(self) -> str:
        written = {4: "%Y", 7: "%B %Y", 10: "%-d %B %Y"}
        return self.first.strftime(written[len(self.name)])

    @property
    def above(self) -> str | None:
        """The name of the one that it is a part of."""
        return self.name.rpartition("-")[0] or None


def period(name: str) -> Period:
    """Raises ValueError where it is none."""
    first = date.fromisoformat(f"{name}-01-01"[:10])
    if len(name) == 4:
        return Period(name, first, first.replace(year=first.year + 1))
    if len(name) == 7:
        return Period(name, first, (first + timedelta(days=31)).replace(day=1))
    if len(name) == 10:
        return Period(name, first, first + timedelta(days=1))
    raise ValueError(name)


def least_id(day: date) -> str:
    """Of the messages from the beginning of `day` on, in UTC."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return beginning(int(at.timestamp() * 1000)) + REST


def within(rows: QuerySet[Message], first: date, end: date) -> QuerySet[Message]:
    return rows.filter(pk__gte=least_id(first), pk__lt=least_id(end))


def span() -> tuple[date, date] | None:
    """The days of the first and of the last message; None where there is none. Two queries."""
    ids = Message.objects.values_list("pk", flat=True)
    first, last = ids.order_by("pk").first(), ids.order_by("-pk").first()
    return (_day(first), _day(last)) if first and last else None


def _day(id_: str) -> date:
    return datetime.fromtimestamp(time_of(id_) / 1000, UTC).date()


def parts(chosen: Period | None) -> list[Period]:
    """The years of all messages, the months of a year, the days of a month: those between the
    first message and the last."""
    if (found := span()) is None:
        return []
    first, last = found
    return [one for one in _parts(chosen, first, last) if first < one.end and one.first <= last]


def _parts(chosen: Period | None, first: date, last: date) -> Iterator[Period]:
    if chosen is None:
        names = [f"{year:04}" for year in range(first.year, last.year + 1)]
    elif len(chosen.name) == 4:
        names = [f"{chosen.name}-{month:02}" for month in range(1, 13)]
    elif len(chosen.name) == 7:
        days = (chosen.end - chosen.first).days
        names = [f"{chosen.name}-{day:02}" for day in range(1, days + 1)]
    else:
        names = []
    return map(period, names)
