"""`manage.py search`: how far the messages can be found by their words, and the index anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.management.progress import progress
from chat.models import Message
from chat.search.choice import index
from chat.search.indexing import behind
from chat.search.rebuilding import rebuild
from chatproject.databases import DEFAULT, MESSAGES
from chatproject.serving.refusing import refusing

REBUILD = """Empties the index and fills it from the messages. The chat may run meanwhile; until it
is done, searching finds a part."""
STOPPED = """Stopped, with the index half full. A chat that runs does the rest by itself, more
slowly; the same command begins anew."""


class Command(BaseCommand):
    help = "The index for searching: its state, and making it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        commands.add_parser("status", help="how many messages are indexed, and how many are not")
        commands.add_parser("rebuild", help="make the index anew", description=REBUILD)

    def handle(self, *args: Any, **options: Any) -> None:
        with refusing(DEFAULT), refusing(MESSAGES):
            if options["command"] == "rebuild":
                self._rebuild()
            self._status()

    def _rebuild(self) -> None:
        began = time.monotonic()
        try:
            with progress("Indexing", Message.objects.count(), "messages", self.stderr) as tell:
                read = rebuild(tell)
        except KeyboardInterrupt:
            raise CommandError(" ".join(STOPPED.split())) from None
        self.stdout.write(f"{read} messages read in {time.monotonic() - began:.0f} s.")

    def _status(self) -> None:
        missing = behind()
        state = f"up to {missing} are still to be indexed" if missing else "the index is up to date"
        self.stdout.write(f"{index().count()} messages can be found; {state}.")
