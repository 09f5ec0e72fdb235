"""How many messages were stored on each of the last days, in UTC.

A day that is over is counted once, by its messages' ids, in which the time is: an index has them in
order on every engine. What is shown beside these is counted when somebody looks: today, and
yesterday as long as its count is not there.
"""

from datetime import UTC, date, timedelta

from django.utils import timezone

from chat.models import Message
from chat.periods import within
from chatproject.models import Tally

DAYS = 30
"""That are shown, today among them."""
LIVE = 2
"""That may be counted while somebody waits."""


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def count(day: date) -> int:
    return within(Message.objects.all(), day, day + timedelta(days=1)).count()


def count_what_is_over() -> None:
    """Count those of the last days that are over and not counted yet."""
    for day in _uncounted(_last_days()[:-1]):
        Tally.objects.get_or_create(day=day, defaults={"messages": count(day)})


def _uncounted(days: list[date]) -> list[date]:
    known = Tally.objects.filter(day__in=days).values_list("day", flat=True)
    return sorted(set(days) - set(known))


def _last_days() -> list[date]:
    last = today()
    return [last - timedelta(days=back) for back in reversed(range(DAYS))]


def last_days() -> list[tuple[date, int | None]]:
    """The last days, the earliest first, with their counts; None where nobody has counted yet, as
    in the first minutes of a chat that this is new to. Three queries at the most."""
    days = _last_days()
    found = dict(Tally.objects.filter(day__in=days).values_list("day", "messages"))
    for day in days[-LIVE:]:
        if day not in found:
            found[day] = count(day)
    return [(day, found.get(day)) for day in days]
