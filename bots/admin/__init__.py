"""Bots in Django's admin: they and their personalities are made there; what they did is seen."""

from bots.admin.bots import BotAdmin
from bots.admin.personas import PersonaAdmin
from bots.admin.seen import AcquaintanceAdmin, AnswerAdmin

__all__ = ["AcquaintanceAdmin", "AnswerAdmin", "BotAdmin", "PersonaAdmin"]
