"""`manage.py NOUN VERB NAME …`: commands with verbs of their own, refused in one line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from chat.protocol import ChatError


class Subcommands(BaseCommand):
    """Calls the method that is named as the verb, with `_` before it and the options."""

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


def verbs(parser: CommandParser) -> Any:
    """Where the verbs of a command are added."""
    return parser.add_subparsers(dest="command", required=True, metavar="COMMAND")


def verb(commands: Any, name: str, help_text: str, whose: str) -> CommandParser:
    """A verb for one NAME; `whose` says what that is the name of."""
    parser: CommandParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("name", metavar="NAME", help=f"the {whose}'s name")
    return parser
