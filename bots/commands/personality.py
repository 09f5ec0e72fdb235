"""`personality`, `personality angry`: how the bot answers this person from now on."""

from bots import acquaintances
from bots.commands.registry import Asked, Reply, command
from bots.models import Persona
from chat.typed import nearest, plain, shown

NAME = "personality"
QUOTES = "\"'“”„«» "
"""As the help shows names."""


@command(
    NAME,
    ("personality", "which personalities there are, and which is yours"),
    ("personality angry", "have this one answer you"),
    takes_argument=True,
)
def personality(asked: Asked, argument: str) -> Reply | None:
    """Names are single words; titles may have several. More words than that are a sentence."""
    known = list(Persona.objects.filter(enabled=True))
    argument = argument.strip(QUOTES)
    if not argument:
        return Reply(_listing(asked, known), NAME)
    chosen = _called(argument, known)
    if chosen is not None:
        acquaintances.choose(asked.bot, asked.person, chosen)
        return _told_to_all(asked, chosen) if asked.in_room else _greeting(chosen)
    return None if " " in argument else Reply(_unknown(asked, argument, known), NAME)


def _greeting(chosen: Persona) -> Reply:
    return Reply(chosen.greeting, NAME, chosen.name)


def _told_to_all(asked: Asked, chosen: Persona) -> Reply:
    """Others in the room keep theirs."""
    return Reply(f"{chosen.title} answers @{asked.person} from now on.", NAME)


def _called(argument: str, known: list[Persona]) -> Persona | None:
    by_title = {plain(persona.title): persona for persona in known}
    by_name = {persona.name: persona for persona in known}
    return (by_title | by_name).get(argument)


def _listing(asked: Asked, known: list[Persona]) -> str:
    current = acquaintances.persona_of(asked.bot, asked.person)
    lines = [f"{_line(each)} – yours now" if each == current else _line(each) for each in known]
    typed = f"@{asked.bot.name} {NAME} NAME" if asked.in_room else f"{NAME} NAME"
    return "\n".join(["The personalities are:", *lines, f"Write “{typed}” to choose one."])


def _line(persona: Persona) -> str:
    """Its name, and its title where that says more."""
    says_more = plain(persona.title) != persona.name
    return f"{persona.name} ({persona.title})" if says_more else persona.name


def _unknown(asked: Asked, argument: str, known: list[Persona]) -> str:
    meant = nearest(argument, [persona.name for persona in known])
    asks = f" Did you mean “{meant}”?" if meant else ""
    return f"There is no personality {shown(argument)}.{asks}\n{_listing(asked, known)}"
