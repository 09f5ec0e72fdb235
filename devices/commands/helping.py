"""`help`, and what is said to anything that is no command."""

from datetime import datetime

from chat.typed import Typed, nearest, shown
from devices.commands.registry import COMMANDS, Reply, command, listing
from devices.models import Device


@command("help", ("help", "this list"), takes_argument=True)
def help_(device: Device, account: str, argument: str, now: datetime) -> Reply:
    return Reply(f"{device.account.shown_title} knows these commands:\n{listing()}")


def unknown(typed: Typed) -> Reply:
    """Which command was probably meant, and all that there are."""
    if not typed.text:
        return Reply(f"The commands are:\n{listing()}")
    # “un subscribe” is near to “unsubscribe” by all of it
    meant = nearest(typed.command, COMMANDS) or nearest(typed.text, COMMANDS)
    if meant is None:
        said = f"There is no command {shown(typed.text)}. The commands are:"
    else:
        said = f"There is no command {shown(typed.command)}. Did you mean “{meant}”?"
    return Reply(f"{said}\n{listing()}")
