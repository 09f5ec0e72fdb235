"""What bots are, what they keep of each person, and what their answers used."""

from bots.models.acquaintance import Acquaintance
from bots.models.answer import Answer
from bots.models.bot import Bot
from bots.models.persona import Persona

__all__ = ["Acquaintance", "Answer", "Bot", "Persona"]
