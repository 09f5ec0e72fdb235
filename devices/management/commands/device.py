"""`manage.py device …`: add devices, issue tokens of them, switch them on and off."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError, transaction
from django.utils import timezone

from chat.accounts.registration import check_name
from chat.models import Account
from chat.names import normalise
from chat.protocol import ChatError
from devices import registration
from devices.commands.phrases import every
from devices.models import Device
from devices.states import state
from devices.words import age, amount

FIELDS = ("kind", "unit", "interval", "lowest", "highest", "simulated", "mqtt")
COLUMN = 2
"""Spaces between two columns of the list."""


class Command(BaseCommand):
    help = "Add a device, list all, issue a token of one, switch one on or off."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        _add_options(_subcommand(commands, "add", "add a device; prints its token, once"))
        commands.add_parser("list", help="list all devices", description="list all devices")
        _subcommand(commands, "token", "issue a new token; prints it, once; the old one ends")
        _subcommand(commands, "disable", "switch it off: it can neither report nor be seen")
        _subcommand(commands, "enable", "switch it on again")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except ChatError as error:
            raise CommandError(error.detail) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database cannot be used ({error}). Where the chat was never started, run"
                " “python manage.py migrate” first."
            ) from None

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
        rows = [_row(device) for device in Device.objects.select_related("account")]
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


def _subcommand(commands: Any, name: str, help_text: str) -> CommandParser:
    parser: CommandParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("name", metavar="NAME", help="the device's name")
    return parser


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
