"""A personality that a bot can take on: how it answers, in the words of its instructions."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

NAME_MAX = 32
TITLE_MAX = 40
HOTTEST = 2.0


class Persona(models.Model):
    """Shared by all bots. People choose one by its name: “personality angry”."""

    name = models.CharField(
        primary_key=True,
        max_length=NAME_MAX,
        validators=[
            RegexValidator(r"\A[a-z0-9][a-z0-9_-]*\Z", "Only a-z, 0-9, _ and -, no spaces.")
        ],
        help_text="what people type: personality NAME",
    )
    title = models.CharField(max_length=TITLE_MAX)
    instructions = models.TextField(help_text="what the model is told to be; people may find out")
    temperature = models.FloatField(
        null=True,
        blank=True,
        validators=[MinValueValidator(0.0), MaxValueValidator(HOTTEST)],
        help_text="0 (sober) to 2 (wild); empty: the model's own, as some take no other",
    )
    greeting = models.CharField(
        max_length=500, help_text="what it says, in its own words, when somebody chooses it"
    )
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title
