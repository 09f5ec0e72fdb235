"""The commands that a device takes, found by their first word, and the help that lists them."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from devices.models import Device

JOINED, LEFT, REBOOTED = "joined", "left", "rebooted"
"""Effects: what has to be told to others once a command's transaction is committed."""


class Reply(NamedTuple):
    body: str
    effect: str = ""


Carry = Callable[[Device, str, str, datetime], Reply]
"""(device, account's name, argument, now): carries a command out.

Raises chat.protocol.Invalid, with a sentence for the person, where the argument makes no sense.
"""


class Command(NamedTuple):
    name: str
    usages: tuple[tuple[str, str], ...]
    """What can be typed, and what it does: the lines of the help."""
    takes_argument: bool
    changes: bool
    """Whether it may change something, where it has the argument that it takes."""
    carry: Carry


COMMANDS: dict[str, Command] = {}
"""By name, in the order of the help."""


def command(
    name: str,
    *usages: tuple[str, str],
    takes_argument: bool = False,
    changes: bool = False,
) -> Callable[[Carry], Carry]:
    """Makes the function what is done when somebody types `name`."""

    def register(carry: Carry) -> Carry:
        COMMANDS[name] = Command(name, usages, takes_argument, changes, carry)
        return carry

    return register


def listing() -> str:
    """All commands, one line each."""
    usages = [usage for command in COMMANDS.values() for usage in command.usages]
    return "\n".join(f"{typed}: {does}" for typed, does in usages)
