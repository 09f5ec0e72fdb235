"""What a device answers in a room: how it is; and it tells all there of alerts, if those who govern
the room want that. Everything else is between it and one person."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from chat.conversation_ids import ROOM
from chat.models import Membership
from chat.protocol import Invalid
from chat.rooms.places import governs
from chat.typed import nearest, parse, plain, shown
from devices.commands import thresholds
from devices.commands.listeners import Listener
from devices.commands.registry import COMMANDS, Reply
from devices.models import Device

ALERT, ALERTS, HELP = "alert", "alerts", "help"
ANYWHERE = ("now", "status", "range")
"""Commands that are answered as to one person: they say nothing of anybody."""
USAGES = (
    ("now", "the last reading, when the next is due, and how the device is"),
    ("range", "the lowest, highest and average reading, and when"),
    ("alert above 30", "have all here told when it goes above this value"),
    ("alert below 5", "have all here told when it goes below this value"),
    ("alert off", "no alerts here any more"),
    ("alerts", "which alerts are set here"),
    ("help", "this list"),
)


class Asked(NamedTuple):
    device: Device
    """With its account."""
    account: str
    """The name of who asks."""
    place: Membership
    """The device's own in the room."""
    now: datetime

    @property
    def room(self) -> str:
        """Its conversation's id."""
        return str(self.place.conversation_id)


def may_change(body: str, device: str) -> bool:
    """Whether `body`, which calls the device of that name, is to be carried out in a
    transaction."""
    typed = parse(body, device)
    return typed.command in (ALERT, ALERTS) and bool(typed.argument)


def carry_out(body: str, asked: Asked) -> Reply | None:
    """Do what `body` asks of the device, as `commands.carry_out` does; None where it was merely
    spoken of."""
    device = asked.device
    begins, ends = _is_called_by(body, device.name)
    if not (begins or ends):
        return None
    if not device.enabled:
        return Reply(f"{device.account.shown_title} is switched off.") if begins else None
    typed = parse(body, device.name)
    if carry := _COMMANDS.get(typed.command):
        return _carried_out(carry, asked, typed.argument)
    command = COMMANDS.get(typed.command)
    if command and command.name in ANYWHERE:
        return None if typed.argument else command.carry(device, asked.account, "", asked.now)
    if command and (command.takes_argument or not typed.argument):
        return Reply(f"That is not for a room: write {shown(typed.text)} to me directly.")
    return _unknown(typed.command, device) if begins else None


def _carried_out(carry: "Carry", asked: Asked, argument: str) -> Reply:
    try:
        return carry(asked, argument)
    except Invalid as error:
        return Reply(error.detail)


def _alert(asked: Asked, argument: str) -> Reply:
    if not governs(asked.account, asked.room):
        room = asked.room.removeprefix(ROOM)
        return Reply(
            f"Those who govern #{room} set its alerts: its owner and moderators. For one of your"
            " own, write to me directly."
        )
    return thresholds.change(_listener(asked), argument, asked.now)


def _alerts(asked: Asked, argument: str) -> Reply:
    if argument:
        return _alert(asked, argument)
    return thresholds.listing(_listener(asked), asked.now)


def _help(asked: Asked, argument: str) -> Reply:
    called = f"@{asked.device.name}"
    lines = [f"{called} {typed}: {does}" for typed, does in USAGES]
    begin = f"{asked.device.account.shown_title} knows these commands in a room:"
    return Reply("\n".join([begin, *lines, "Write to me directly for the others."]))


def _listener(asked: Asked) -> Listener:
    return Listener(asked.device, None, asked.place)


def _is_called_by(body: str, device: str) -> tuple[bool, bool]:
    """Whether it begins, and whether it ends, with the device's name: else it is spoken of."""
    words = plain(body).split(" ")
    return words[0].rstrip(":,") == f"@{device}", words[-1] == f"@{device}"


def _unknown(word: str, device: Device) -> Reply:
    meant = nearest(word, (*ANYWHERE, *_COMMANDS)) or HELP
    asks = f"Did you mean “@{device.name} {meant}”?"
    return Reply(f"There is no command {shown(word)}. {asks}" if word else asks)


Carry = Callable[[Asked, str], Reply]
_COMMANDS: dict[str, Carry] = {ALERT: _alert, ALERTS: _alerts, HELP: _help}
