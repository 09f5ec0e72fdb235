"""What bots' answers used of the day's budget and cost, and on the days before."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings

from bots.admin.seen import days
from bots.budgets import today

UNKNOWN = "–"


class Day(NamedTuple):
    day: date
    answers: int
    asked: int
    answered: int
    """Tokens, as those asked."""
    cost: Decimal | None
    """In the money that the bots' prices are in; None: unknown."""

    @property
    def said(self) -> list[str]:
        return [f"{figure:,}" for figure in self[1:4]] + [self.said_cost]

    @property
    def said_cost(self) -> str:
        return UNKNOWN if self.cost is None else f"{self.cost:,.4f}"


class Use(NamedTuple):
    answers: str
    tokens: str
    cost: str
    """"" where no price is known."""
    limits: str
    """"" where there is none."""
    days: list[Day]


def look() -> Use:
    """One query."""
    used = [Day(**row) for row in days()]
    now = next((one for one in used if one.day == today()), Day(today(), 0, 0, 0, None))
    cost = "" if now.cost is None else now.said_cost
    return Use(f"{now.answers:,}", f"{now.asked + now.answered:,}", cost, _limits(), used)


def _limits() -> str:
    """0 is none."""
    limits = {"tokens": settings.BOT_TOKENS_IN_ALL, "answers": settings.BOT_ANSWERS_IN_ALL}
    return ", ".join(f"{limit:,} {what}" for what, limit in limits.items() if limit)
