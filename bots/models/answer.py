"""One question that the model was asked: what for, what it used, and how that ended."""

from django.db import models
from django.utils import timezone

from bots.models.bot import Bot
from bots.models.persona import NAME_MAX
from chat.models import Account


class Answer(models.Model):
    """Made before the model is asked, so that it counts; budgets are sums of these.

    No words are kept here: what was asked and said are messages.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered"
        STOPPED = "stopped"
        UNDER_WAY = "under way"
        NOT_CONNECTED = "not connected"
        WRONG_KEY = "wrong key"
        QUOTA = "quota"
        OVERLOADED = "overloaded"
        UNREACHABLE = "unreachable"
        REFUSED = "refused"
        TOO_SLOW = "too slow"
        CUT_OFF = "cut off"
        TOO_LONG = "too long"
        EMPTY = "empty"
        FAILED = "failed"

    question = models.CharField(primary_key=True, max_length=64)
    """The id of the message."""
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    persona = models.CharField(max_length=NAME_MAX)
    model = models.CharField(max_length=200)
    day = models.DateField(help_text="in UTC: budgets are for a day")
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    """How often it was begun: more than once where a process died over it."""
    prompt_tokens = models.PositiveIntegerField(default=0)
    answer_tokens = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.UNDER_WAY)

    class Meta:
        indexes = [
            models.Index(fields=["day", "person"], name="answer_budget"),
            models.Index(fields=["begun_at"], name="answer_begun"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asked {self.bot_id}: {self.outcome}"
