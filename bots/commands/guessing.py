"""What a short message was probably meant to be, where it is a command mistyped and no question."""

from collections.abc import Iterable

from bots.commands.personality import NAME, QUOTES
from bots.commands.registry import COMMANDS, Reply
from bots.models import Persona
from chat.typed import Typed, nearest, shown

NEARLY = 0.9
"""How alike a long word and the command must be: “persoanlity” is, “personally” is a word."""


def guess(typed: Typed, body: str) -> Reply | None:
    """Which command was probably meant; None where it may be a question."""
    meant = None if "?" in body else _meant(typed)
    if meant is None:
        return None
    asks = f"There is no command {shown(typed.text)}. Did you mean “{meant}”?"
    return Reply(asks, meant.partition(" ")[0])


def _meant(typed: Typed) -> str | None:
    long = nearest(typed.command.removesuffix(":"), [NAME], NEARLY)
    if typed.argument:
        chosen = typed.argument.strip(QUOTES)
        return f"{NAME} {chosen}" if long and _is_personality(chosen) else None
    return long or _with_two_swapped(typed.command, COMMANDS)


def _is_personality(name: str) -> bool:
    return Persona.objects.filter(pk=name, enabled=True).exists()


def _with_two_swapped(word: str, commands: Iterable[str]) -> str | None:
    """The command that `word` is but for two neighbours: of no command is that another word."""
    for at in range(len(word) - 1):
        swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if swapped in commands:
            return swapped
    return None
