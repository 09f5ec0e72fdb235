"""`manage.py messages copy`: moves all messages to another database."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import elsewhere
from chat.copying import CopyError, Store, Target, compare, copy
from chat.management.progress import progress
from chatproject.databases import MESSAGES
from chatproject.serving.refusing import refusing

SOURCE = "source"
COPY = """Copies all messages to another database, and compares the two. --from or --to may be left
out: it is then the store that the settings name. Stop the chat before; or copy while it runs, stop
it, and run the same command again, which fetches what is new. An interrupted copy goes on where it
was. A URL with a password is better given as @FILE, the name of a file that holds it: other users
of this machine can see the arguments of a command."""


class Command(BaseCommand):
    help = "Move the messages to another database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        reader = commands.add_parser(
            "copy", help="copy all messages, and compare", description=COPY
        )
        for option, which in (("--from", "that has them"), ("--to", "that shall get them")):
            reader.add_argument(option, metavar="URL", help=f"the store {which}; or @FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        source = _database("--from", options["from"])
        target = _database("--to", options["to"])
        if _place(source) == _place(target):
            raise CommandError("--from and --to are the same store; they must be two.")
        elsewhere.use(SOURCE, source)
        elsewhere.use(MESSAGES, target)  # in their place, so that it is migrated as they are
        try:
            self._copy()
        except CopyError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on where this ended.") from None

    def _copy(self) -> None:
        began = time.monotonic()
        with refusing(SOURCE), refusing(MESSAGES):
            source, target = Store(SOURCE), Target()
            total = _count(source)
            call_command("migrate", database=MESSAGES, verbosity=0, interactive=False)
            with progress("Copying", total, "messages", self.stderr) as tell:
                copied = copy(source, target, tell)
            with progress("Comparing", total, "messages", self.stderr) as tell:
                found = compare(source, target, tell)
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{copied} messages copied; {found.messages - copied} were there. Both stores hold the"
            f" same {found.messages} messages (sha256 {found.digest}). It took {seconds:.0f} s."
        )


def _database(option: str, value: str | None) -> dict[str, Any]:
    """The database that an option names; the settings' own where it is left out."""
    if value is None:
        return settings.DATABASES[MESSAGES]
    if value.startswith("@"):
        value = _read(option, Path(value[1:]))
    database = elsewhere.database_at(option, value)
    if option == "--from" and isinstance(file := database["NAME"], Path) and not file.is_file():
        raise CommandError(f"--from names {file}, which is not there.")
    return database


def _read(option: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{option} names {file}, which cannot be read: {error}.") from None


def _place(database: dict[str, Any]) -> tuple[str, ...]:
    name = database["NAME"]
    path = name.resolve() if isinstance(name, Path) else name
    return str(path), str(database.get("HOST")), str(database.get("PORT"))


def _count(source: Store) -> int:
    if found := source.count():
        return found
    raise CommandError("--from holds no messages; see whether it names the right store.")
