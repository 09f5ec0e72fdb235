"""`manage.py import FILE`: brings in an export of this chat, of Slack or of Rocket.Chat."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import running
from chat.management.progress import progress
from chat.protocol import Unavailable
from chat.transfer.importing import bringing, placing
from chat.transfer.importing.naming import BadMap, Names
from chat.transfer.importing.people import Unclear
from chat.transfer.importing.survey import Survey
from chat.transfer.sources import SourceError, open_source
from chatproject.databases import DEFAULT, MESSAGES
from chatproject.serving.refusing import refusing

HELP = """Bring in the messages of FILE: the ZIP that a person of this chat downloaded, or its
messages.jsonl; Slack's export; Rocket.Chat's, in JSON. Accounts and rooms that are not there are
made, the accounts without a password. May be stopped at any moment and run again: nothing comes
twice. Nobody is called or alerted by it, and nothing is answered."""


class Command(BaseCommand):
    help = " ".join(HELP.split())

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen, and do nothing"
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="OLD=NEW",
            help="whom of the export which account here is, or “#OLD=#NEW”, which room; several",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            names = Names(options["map"])
            with refusing(DEFAULT), refusing(MESSAGES):
                survey = Survey(open_source(options["file"], names), names)
                self._tell(survey)
                if not options["dry_run"]:
                    self._bring(survey)
        except (BadMap, SourceError, Unclear) as error:
            raise CommandError(str(error)) from None
        except Unavailable as error:
            raise CommandError(error.detail) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The same command goes on where this ended.") from None

    def _tell(self, survey: Survey) -> None:
        """What the export is taken for."""
        self.stdout.write(f"An export of {survey.source.called}: {survey.messages} messages.")
        for there, known in sorted(survey.people.known.items()):
            what = "a new account, without a password" if known.made else "which is here already"
            self.stdout.write(f"  {there} is {known.name}, {what}.")
        for place in survey.places.values():
            what = "new" if place.new else "here already"
            private = " private," if place.new and place.chapter.private else ""
            self.stdout.write(
                f"  {place.chapter.name or place.chapter.key} is {place.conversation},{private}"
                f" {what}: {place.messages} messages."
            )
        for left in survey.left:
            self.stdout.write(
                f"  {left.chapter.name or left.chapter.key} is left out: {left.reason}."
            )

    def _bring(self, survey: Survey) -> None:
        survey.people.make()
        stored = known = 0
        with progress("Importing", survey.messages, "messages", self.stderr) as tell:
            for chapter, said in survey.source.chapters():
                if place := survey.places.get(chapter.key):
                    placing.make(place)
                    counts = bringing.bring(place, said, survey.people, tell)
                    stored, known = stored + counts.stored, known + counts.known
        running.call(bringing.tell_members, list(survey.places.values()))
        self.stdout.write(
            self.style.SUCCESS(f"{stored} messages are brought in; {known} were here already.")
        )
