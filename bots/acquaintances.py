"""What a bot keeps of a person: the personality they chose, and from where on it remembers.

Persons are given by the names of their accounts. All of it runs queries.
"""

from bots.models import Acquaintance, Bot, Persona


def persona_of(bot: Bot, person: str) -> Persona:
    """The personality that the person chose, while there is one and it is enabled; else the bot's
    own."""
    rows = Acquaintance.objects.filter(bot=bot, person=person, persona__enabled=True)
    chosen = rows.select_related("persona").first()
    return bot.persona if chosen is None or chosen.persona is None else chosen.persona


def choose(bot: Bot, person: str, persona: Persona) -> None:
    Acquaintance.objects.update_or_create(bot=bot, person_id=person, defaults={"persona": persona})


def forgotten_seq(bot: Bot, person: str) -> int:
    """Up to where the bot was told to forget their direct conversation; 0 where it never was."""
    rows = Acquaintance.objects.filter(bot=bot, person=person)
    return rows.values_list("forgotten_seq", flat=True).first() or 0


def forget(bot: Bot, person: str, seq: int) -> None:
    """Remember nothing up to `seq`. What was forgotten stays so, in whatever order this comes."""
    Acquaintance.objects.get_or_create(bot=bot, person_id=person)
    behind = Acquaintance.objects.filter(bot=bot, person=person, forgotten_seq__lt=seq)
    behind.update(forgotten_seq=seq)
