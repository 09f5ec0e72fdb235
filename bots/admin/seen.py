"""What bots keep of people and what their answers used, to be looked at."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse

from bots.admin.filters import BotFilter
from bots.budgets import today
from bots.models import Acquaintance, Answer
from chat.admin.bases import Kept, SeenOnly
from chat.spans import span

DAYS = 7
"""That are summed up above the list of answers."""
PRICED = 1_000_000
"""Tokens that a bot's prices are for."""
COST = (
    F("prompt_tokens") * F("bot__prompt_price") + F("answer_tokens") * F("bot__answer_price")
) / PRICED
"""By the prices of now; of a bot that has none it is unknown, and left out of sums."""


@admin.register(Acquaintance)
class AcquaintanceAdmin(SeenOnly):
    """Which personality a person chose. Deleted, they have the bot's own again, and the bot
    remembers what it was told to forget."""

    list_display = ["person", "bot", "persona", "forgotten_seq"]
    list_select_related = ["person", "bot", "persona"]
    list_filter = [BotFilter, "persona"]
    search_fields = ["person__name", "person__title"]
    fields = ["person", "bot", "persona", "forgotten_seq"]
    ordering = ["person", "bot"]


@admin.register(Answer)
class AnswerAdmin(Kept):
    """Without words: what was asked and said is theirs. Budgets are sums of these rows."""

    list_display = [
        "begun_at", "person", "bot", "persona", "model", "prompt_tokens", "answer_tokens",
        "outcome", "took", "attempts",
    ]  # fmt: skip
    list_select_related = ["person", "bot"]
    list_filter = ["day", "outcome", BotFilter]
    search_fields = ["=person__name", "=question"]
    fields = [
        "question", "person", "bot", "persona", "model", "day", "begun_at", "ended_at", "took",
        "attempts", "prompt_tokens", "answer_tokens", "outcome",
    ]  # fmt: skip
    ordering = ["-begun_at"]
    show_facets = admin.ShowFacets.NEVER  # they would be counted over all answers

    @admin.display(description="time taken")
    def took(self, answer: Answer) -> str:
        return span(answer.ended_at - answer.begun_at) if answer.ended_at else "-"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "days": days()})


def days() -> Any:
    """The last days that had answers: how many, their tokens, and what they cost, None where no
    price is known. One query, when it is shown."""
    since = today() - timedelta(days=DAYS - 1)
    rows = Answer.objects.filter(day__gte=since).order_by("-day").values("day")
    return rows.annotate(
        answers=Count("pk"),
        asked=Sum("prompt_tokens"),
        answered=Sum("answer_tokens"),
        cost=Sum(COST),
    )
