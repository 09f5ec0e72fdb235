"""The commands that a bot takes, found by their first word, and the help that lists them."""

from collections.abc import Callable
from typing import NamedTuple

from bots.models import Bot
from chat.conversation_ids import is_room
from chat.protocol import Message


class Asked(NamedTuple):
    bot: Bot
    """With its account and its persona."""
    person: str
    """The name of the account that asks."""
    question: Message

    @property
    def in_room(self) -> bool:
        return is_room(self.question.conversation)


class Reply(NamedTuple):
    body: str
    command: str
    """Which one it answers."""
    persona: str | None = None
    """The name of the personality whose own words these are."""


Carry = Callable[[Asked, str], Reply | None]
"""(what was asked, argument): carries a command out, as often as it is asked to.

None where the argument shows that the person was not giving a command: it is for the model.
"""


class Command(NamedTuple):
    name: str
    usages: tuple[tuple[str, str], ...]
    """What can be typed, and what it does: the lines of the help."""
    takes_argument: bool
    privately: bool
    """It is nobody else's affair, so that it is not answered in a room."""
    carry: Carry


COMMANDS: dict[str, Command] = {}
"""By name, in the order of the help."""


def command(
    name: str,
    *usages: tuple[str, str],
    takes_argument: bool = False,
    privately: bool = False,
) -> Callable[[Carry], Carry]:
    """Makes the function what is done when somebody types `name`."""

    def register(carry: Carry) -> Carry:
        COMMANDS[name] = Command(name, usages, takes_argument, privately, carry)
        return carry

    return register


def listing(called: str = "") -> str:
    """All commands, one line each; where the bot has to be `called`, with its name before it,
    those that it takes in a room."""
    taken = [each for each in COMMANDS.values() if not (called and each.privately)]
    usages = [usage for command in taken for usage in command.usages]
    return "\n".join(f"{called}{typed}: {does}" for typed, does in usages)
