"""What a device answers to a person: the commands, each found by its first word."""

from datetime import datetime

from chat.protocol import Invalid
from chat.typed import parse

# isort: off
from devices.commands import (  # noqa: F401 - each registers its own, in the order of the help
    subscribing,
    reporting,
    ranging,
    alerting,
    snoozing,
    rebooting,
    helping,
)

# isort: on
from devices.commands.registry import COMMANDS, JOINED, LEFT, REBOOTED, Reply
from devices.models import Device

__all__ = ["JOINED", "LEFT", "REBOOTED", "Reply", "carry_out", "may_change"]


def may_change(body: str, device: str) -> bool:
    """Whether `body`, to the device of that name, is to be carried out in a transaction."""
    typed = parse(body, device)
    command = COMMANDS.get(typed.command)
    if command is None or not command.changes:
        return False
    return command.takes_argument == bool(typed.argument)


def carry_out(body: str, device: Device, account: str, now: datetime) -> Reply:
    """Do what `body` asks of the device, in the caller's transaction where it `may_change`
    something, and give the answer.

    `device` comes with its account; `account` is the name of who asks.
    """
    typed = parse(body, device.name)
    command = COMMANDS.get(typed.command)
    if command is None:
        return helping.unknown(typed)
    if typed.argument and not command.takes_argument:
        return Reply(f"“{command.name}” stands alone: write nothing after it.")
    try:
        return command.carry(device, account, typed.argument, now)
    except Invalid as error:
        return Reply(error.detail)
