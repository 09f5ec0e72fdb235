"""`manage.py retention`: removes the messages that the settings don't keep, or says which."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from chat.management.progress import progress
from chat.retention.counting import count_outdated
from chat.retention.removing import remove_outdated
from chat.retention.terms import Term, terms
from chatproject.databases import DEFAULT, MESSAGES
from chatproject.serving.refusing import refusing

NONE_SET = """Nothing is ever removed: RETENTION_DIRECT, RETENTION_ROOMS and RETENTION_FEEDS, in
days, are all 0."""


class Command(BaseCommand):
    help = (
        "Remove the messages that are older than RETENTION_DIRECT, RETENTION_ROOMS and"
        " RETENTION_FEEDS allow. The chat does so itself each hour, and may run meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would go, and remove nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        found = list(terms(now))
        if not found:
            self.stdout.write(" ".join(NONE_SET.split()))
        with refusing(DEFAULT), refusing(MESSAGES):
            total = sum(self._count(term) for term in found)
            if not options["dry_run"] and total:
                self._remove(total, now)

    def _count(self, term: Term) -> int:
        counted = count_outdated(term)
        self.stdout.write(
            f"{term.setting}: {counted.messages} messages in {counted.conversations} conversations"
            f" are from before {term.since:%Y-%m-%d %H:%M} UTC."
        )
        return counted.messages

    def _remove(self, total: int, now: datetime) -> None:
        with progress("Removing", total, "messages", self.stderr) as tell:
            removed = remove_outdated(until=float("inf"), now=now, tell=tell)
        self.stdout.write(self.style.SUCCESS(f"Removed {removed} messages."))
