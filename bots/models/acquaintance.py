"""What a bot keeps of one person."""

from django.db import models

from bots.models.bot import Bot
from bots.models.persona import Persona
from chat.models import Account


class Acquaintance(models.Model):
    """The personality that a person chose, and up to where the bot was told to forget."""

    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="acquaintances")
    person = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    persona = models.ForeignKey(Persona, null=True, on_delete=models.SET_NULL)
    """None: the bot's own."""
    forgotten_seq = models.BigIntegerField(default=0)
    """In their direct conversation: the bot remembers what came later."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bot", "person"], name="acquainted_once")]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.bot_id}"
