"""What bots' answers used of the day's budget, and on the days before."""

from datetime import date
from typing import NamedTuple

from django.conf import settings

from bots.admin.seen import days
from bots.budgets import today


class Day(NamedTuple):
    day: date
    answers: int
    asked: int
    answered: int
    """Tokens, as those asked."""

    @property
    def said(self) -> list[str]:
        return [f"{figure:,}" for figure in self[1:]]


class Use(NamedTuple):
    answers: str
    tokens: str
    limits: str
    """"" where there is none."""
    days: list[Day]


def look() -> Use:
    """One query."""
    used = [Day(**row) for row in days()]
    now = next((one for one in used if one.day == today()), Day(today(), 0, 0, 0))
    return Use(f"{now.answers:,}", f"{now.asked + now.answered:,}", _limits(), used)


def _limits() -> str:
    """0 is none."""
    limits = {"tokens": settings.BOT_TOKENS_IN_ALL, "answers": settings.BOT_ANSWERS_IN_ALL}
    return ", ".join(f"{limit:,} {what}" for what, limit in limits.items() if limit)
