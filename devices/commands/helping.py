"""`help`, and what is said to anything that is no command."""

from datetime import datetime
from difflib import get_close_matches

from devices.commands.grammar import Typed
from devices.commands.quantities import SHOWN, shown
from devices.commands.registry import COMMANDS, Reply, command, listing
from devices.models import Device

CLOSE = 0.7
"""How alike a typo and a command must be, from 0 to 1: “stauts” and “status” are."""


@command("help", ("help", "this list"), takes_argument=True)
def help_(device: Device, account: str, argument: str, now: datetime) -> Reply:
    return Reply(f"{device.account.shown_title} knows these commands:\n{listing()}")


def unknown(typed: Typed) -> Reply:
    """Which command was probably meant, and all that there are."""
    if not typed.text:
        return Reply(f"The commands are:\n{listing()}")
    meant = _nearest(typed)
    if meant is None:
        said = f"There is no command {shown(typed.text)}. The commands are:"
    else:
        said = f"There is no command {shown(typed.command)}. Did you mean “{meant}”?"
    return Reply(f"{said}\n{listing()}")


def _nearest(typed: Typed) -> str | None:
    """By its first word, or by all of it, as “un subscribe” is near to “unsubscribe”."""
    for text in (typed.command, typed.text):
        if found := get_close_matches(text[:SHOWN], COMMANDS, n=1, cutoff=CLOSE):
            return found[0]
    return None
