"""What of a bot is told over HTTP, as structs."""

from msgspec import Struct

from bots import connection
from bots.acquaintances import persona_of
from bots.budgets import budget
from bots.models import Bot, Persona


class ShownPersona(Struct):
    name: str
    title: str


class Usage(Struct):
    """Of the person, today in UTC; what is left is null where there is no limit."""

    answers: int
    answers_left: int | None
    tokens: int
    tokens_left: int | None


class ShownBot(Struct):
    name: str
    title: str
    connected: bool
    personas: list[ShownPersona]
    personality: str
    """The name of the one that answers this person."""
    usage: Usage


def shown_bot(bot: Bot, person: str) -> ShownBot:
    """As the person of this name sees it. Runs queries."""
    personas = Persona.objects.filter(enabled=True)
    return ShownBot(
        name=bot.name,
        title=bot.account.shown_title,
        connected=connection.is_set(bot),
        personas=[ShownPersona(persona.name, persona.title) for persona in personas],
        personality=persona_of(bot, person).name,
        usage=_usage(person),
    )


def _usage(person: str) -> Usage:
    spent, left, _ = budget(person)
    return Usage(spent.answers, left.answers, spent.tokens, left.tokens)
