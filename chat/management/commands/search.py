"""`manage.py search`: how far the messages can be found by their words, and the index anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from chat.management.progress import progress
from chat.models import Conversation
from chat.search.choice import index
from chat.search.indexing import Indexer, behind
from chatproject.databases import DEFAULT, MESSAGES
from chatproject.serving.refusing import refusing

OTHERS_TURN = 0.002
"""Seconds between two steps, in which a chat that runs meanwhile gets to its database."""
REBUILD = """Empties the index and fills it from the messages. The chat may go on meanwhile; until
it is done, searching finds a part. What was interrupted goes on by itself where the chat runs, or
with “search catch-up”."""


class Command(BaseCommand):
    help = "The index for searching: its state, and making it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        commands.add_parser("status", help="how many messages are indexed, and how many are not")
        commands.add_parser("rebuild", help="make the index anew", description=REBUILD)
        commands.add_parser("catch-up", help="index what is not yet, faster than a server does")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusing(DEFAULT), refusing(MESSAGES):
            match options["command"]:
                case "status":
                    self._status()
                case "rebuild":
                    self._clear()
                    self._catch_up()
                case _:
                    self._catch_up()

    def _status(self) -> None:
        missing = behind()
        state = f"{missing} messages are still to be indexed" if missing else "it is up to date"
        self.stdout.write(f"{index().count()} messages can be found; {state}.")

    def _clear(self) -> None:
        with transaction.atomic(using=DEFAULT):
            index().clear()
            Conversation.objects.update(indexed_seq=0)

    def _catch_up(self) -> None:
        began, read = time.monotonic(), 0
        indexer = Indexer()
        with progress("Indexing", behind(), "messages", self.stderr) as tell:
            while (found := indexer.step()) is not None:
                tell(found)
                read += found
                self._merge()
        seconds = time.monotonic() - began
        self.stdout.write(f"{read} messages read in {seconds:.0f} s.")
        self._status()

    def _merge(self) -> None:
        time.sleep(OTHERS_TURN)
        while index().tidy():
            time.sleep(OTHERS_TURN)
