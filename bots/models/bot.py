"""A bot: an account of the chat that a language model answers for."""

from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone

from bots.models.persona import Persona
from chat.models import Account

FEWEST_TOKENS, MOST_TOKENS = 16, 1_000_000


def _tokens(default: int, help_text: str) -> models.PositiveIntegerField:
    bounds = [MinValueValidator(FEWEST_TOKENS), MaxValueValidator(MOST_TOKENS)]
    return models.PositiveIntegerField(default=default, validators=bounds, help_text=help_text)


def _price(help_text: str) -> models.DecimalField:
    return models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(0)], help_text=help_text,
    )  # fmt: skip


class Bot(models.Model):
    """Which model answers under the name of its account, and what it may use.

    A bot with a `base_url` of its own goes there with a key of its own; the others share the
    installation's (`OPENAI_BASE_URL` and `OPENAI_API_KEY`). See `connection.py`.
    """

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.PROTECT, related_name="bot"
    )
    persona = models.ForeignKey(
        Persona, on_delete=models.PROTECT, help_text="until a person chooses another one"
    )
    model = models.CharField(max_length=200, blank=True, help_text="empty: OPENAI_MODEL")
    base_url = models.CharField(
        "base URL",
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="of a server that speaks OpenAI's protocol; empty: OPENAI_BASE_URL",
    )
    sealed_key = models.TextField(blank=True, editable=False)
    """Its own key, as `keys.py` sealed it; "" where it has none."""
    memory_tokens = _tokens(4_000, "of the conversation, that the model is given each time")
    answer_tokens = _tokens(1_000, "that an answer may have")
    prompt_price = _price("of a million tokens that the model is given; empty: unknown")
    answer_price = _price("of a million tokens that the model answers; empty: unknown")
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.account_id)
