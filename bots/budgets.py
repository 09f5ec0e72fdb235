"""What answers may use on a day (in UTC), by a person and by all: sums of the answers' own rows."""

from datetime import UTC, date
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from bots.models import Answer

IN_VAIN = (
    Answer.Outcome.NOT_CONNECTED,
    Answer.Outcome.WRONG_KEY,
    Answer.Outcome.QUOTA,
    Answer.Outcome.OVERLOADED,
    Answer.Outcome.UNREACHABLE,
)
"""Outcomes of questions that no model began to answer: they cost nobody anything."""
TOKENS = F("prompt_tokens") + F("answer_tokens")


class Spent(NamedTuple):
    answers: int
    tokens: int


class Left(NamedTuple):
    """None: there is no limit."""

    answers: int | None
    tokens: int | None

    @property
    def is_nothing(self) -> bool:
        return self.answers == 0 or self.tokens == 0


class Budget(NamedTuple):
    """How a day stands for one person."""

    spent: Spent
    left: Left
    """Of what is the person's, and of what is everybody's: the lesser."""
    is_everybodys_spent: bool


def today() -> date:
    return timezone.now().astimezone(UTC).date()


def budget(person: str, day: date | None = None) -> Budget:
    """Of the person with this account's name, today or on `day`; one query."""
    own = Q(person=person)
    counting = Answer.objects.filter(day=day or today()).exclude(outcome__in=IN_VAIN)
    found = counting.aggregate(
        answers=Count("pk"),
        tokens=Sum(TOKENS, default=0),
        own_answers=Count("pk", filter=own),
        own_tokens=Sum(TOKENS, filter=own, default=0),
    )
    spent = Spent(found["own_answers"], found["own_tokens"])
    own_left = _left(spent, settings.BOT_ANSWERS_PER_PERSON, settings.BOT_TOKENS_PER_PERSON)
    in_all = _left(
        Spent(found["answers"], found["tokens"]),
        settings.BOT_ANSWERS_IN_ALL,
        settings.BOT_TOKENS_IN_ALL,
    )
    lesser = Left(
        _lesser(own_left.answers, in_all.answers), _lesser(own_left.tokens, in_all.tokens)
    )
    return Budget(spent, lesser, in_all.is_nothing)


def _left(spent: Spent, answers: int, tokens: int) -> Left:
    """Of these limits; 0 is none."""
    return Left(
        max(0, answers - spent.answers) if answers else None,
        max(0, tokens - spent.tokens) if tokens else None,
    )


def _lesser(a: int | None, b: int | None) -> int | None:
    return min((limit for limit in (a, b) if limit is not None), default=None)
