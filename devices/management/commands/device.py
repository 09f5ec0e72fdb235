"""`manage.py device …`: add devices, issue tokens of them, switch them on and off."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from chat.accounts.registration import check_name
from chat.management.subcommands import Subcommands, verb, verbs
from chat.models import Account
from chat.names import normalise
from devices import registration
from devices.commands.phrases import every
from devices.models import Device
from devices.states import state
from devices.words import age, amount

FIELDS = ("kind", "unit", "interval", "lowest", "highest", "simulated", "mqtt")
COLUMN = 2
"""Spaces between two columns of the list."""


class Command(Subcommands):
    help = "Add a device, list all, issue a token of one, switch one on or off."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = verbs(parser)
        _add_options(verb(commands, "add", "add a device; prints its token, once", "device"))
        commands.add_parser("list", help="list all devices", description="list all devices")
        verb(commands, "token", "issue a new token; prints it, once; the old one ends", "device")
        verb(commands, "disable", "switch it off: it reports no more", "device")
        verb(commands, "enable", "switch it on again", "device")

    # ---- the commands --------------------------------------------------------------------------

    def _add(self, options: dict[str, Any]) -> None:
        name, title = check_name(options["name"]), options["title"].strip()
        registration.check_title(title)
        device = Device(**{field: options[field] for field in FIELDS})
        registration.check(device)
        names = options["visible_to"]
        people = None if names is None else _people(names)
        with transaction.atomic():
            registration.add(device, name, title)
            if people is not None:
                registration.show_to(device, people)
            token = None if device.simulated else registration.new_token(device)
        self._say(f"Added the device {name}.")
        self._print_token(token)

    def _list(self, options: dict[str, Any]) -> None:
        devices = Device.objects.select_related("account").order_by("account_id")
        rows = [_row(device) for device in devices]
        widths = [max(map(len, column)) + COLUMN for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
            self.stdout.write("".join(cells).rstrip())

    def _token(self, options: dict[str, Any]) -> None:
        device = _existing(options)
        if device.simulated:
            raise CommandError(f"{device.name} is simulated: it needs no token.")
        self._print_token(registration.new_token(device))

    def _disable(self, options: dict[str, Any]) -> None:
        self._switch(options, False)
        self._say("It is switched off; its readings stay, and its name is never given out again.")

    def _enable(self, options: dict[str, Any]) -> None:
        self._switch(options, True)
        self._say("It is switched on.")

    def _switch(self, options: dict[str, Any], enabled: bool) -> None:
        device = _existing(options)
        device.enabled = enabled
        device.save(update_fields=["enabled"])

    def _print_token(self, token: str | None) -> None:
        """On standard output alone, so that it can be piped."""
        if token is not None:
            self.stdout.write(token)

    def _say(self, text: str) -> None:
        self.stderr.write(text, self.style.SUCCESS)


def _add_options(add: CommandParser) -> None:
    add.add_argument("--title", default="", metavar="T", help="what people see in place of NAME")
    add.add_argument("--kind", default="sensor", metavar="K", help="such as thermometer")
    add.add_argument("--unit", required=True, metavar="U", help="of its readings, such as °C")
    add.add_argument("--interval", type=float, default=100.0, metavar="S",
                     help="seconds between two readings (100)")  # fmt: skip
    add.add_argument("--from", dest="lowest", type=float, metavar="X",
                     help="the lowest value it can measure")  # fmt: skip
    add.add_argument("--to", dest="highest", type=float, metavar="Y",
                     help="the highest value it can measure")  # fmt: skip
    add.add_argument("--simulated", action="store_true", help="the chat makes its readings up")
    add.add_argument("--mqtt", action="store_true", help="may report over the MQTT broker")
    add.add_argument("--visible-to", type=_names, metavar="A,B",
                     help="who alone may see it (default: everybody)")  # fmt: skip


def _names(text: str) -> list[str]:
    return [normalise(name) for name in text.split(",") if name.strip()]


def _people(names: Iterable[str]) -> list[Account]:
    wanted = set(names)
    people = Account.objects.filter(name__in=wanted, kind=Account.Kind.PERSON, deleted_at=None)
    if unknown := wanted - {person.name for person in people}:
        raise CommandError(f"There is nobody called “{min(unknown)}”: --visible-to takes people.")
    return list(people)


def _existing(options: dict[str, Any]) -> Device:
    name = normalise(options["name"])
    device = Device.objects.select_related("account").filter(pk=name).first()
    if device is None:
        raise CommandError(f"There is no device “{name}”; “device list” shows all.")
    return device


def _row(device: Device) -> tuple[str, ...]:
    last = "no reading yet"
    if device.last_value is not None and device.last_at is not None:
        now = timezone.now()
        last = f"{amount(device.last_value, device.unit)}, {age(device.last_at, now)}"
    source = "simulated" if device.simulated else "MQTT" if device.mqtt else "HTTP"
    return device.name, device.kind, source, every(device), state(device, timezone.now()), last
