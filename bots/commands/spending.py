"""`usage`: what a person's answers used today, and what is left."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from bots import budgets
from bots.commands.registry import Asked, Reply, command
from chat.spans import span


@command("usage", ("usage", "what you have used today, and what is left"), privately=True)
def usage(asked: Asked, argument: str) -> Reply:
    now = timezone.now()
    spent, left, _ = budgets.budget(asked.person, now.astimezone(UTC).date())
    lines = [
        f"Answers today: {spent.answers:,}; left: {_left(left.answers)}.",
        f"Tokens today: {spent.tokens:,}; left: {_left(left.tokens)}.",
        f"The count starts anew at 00:00 UTC, in {span(until_midnight(now))}.",
    ]
    return Reply("\n".join(lines), "usage")


def _left(count: int | None) -> str:
    return "no limit" if count is None else f"{count:,}"


def until_midnight(now: datetime) -> timedelta:
    """In UTC: days are counted so."""
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, UTC) - now
