"""`manage.py account …`: make accounts, set passwords, suspend, issue tokens."""

import getpass
import sys
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError, transaction

from chat.accounts import endings, registration, tokens
from chat.accounts.titles import validate_title
from chat.management.subcommands import Subcommands, verb, verbs
from chat.models import Account
from chat.models.account import TITLE_MAX
from chat.models.token import Token
from chat.names import normalise

LABEL_MAX: int = Token._meta.get_field("label").max_length or 0


class Command(Subcommands):
    help = "Make an account, set its password, suspend or resume it, issue a token of it."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = verbs(parser)
        add = verb(commands, "add", "make an account; asks for the password", "account")
        add.add_argument("--admin", action="store_true", help="may use the admin, with all rights")
        add.add_argument("--title", default="", metavar="T", help="display name")
        password = verb(
            commands, "password", "set a new password; ends what is signed in", "account"
        )
        for reader in (add, password):
            reader.add_argument(
                "--password-stdin",
                action="store_true",
                help="read the password from standard input, its first line",
            )
        verb(commands, "suspend", "let the account sign in no more", "account")
        verb(commands, "resume", "let a suspended account sign in again", "account")
        token = verb(commands, "token", "issue a token; prints it, once", "account")
        token.add_argument("--label", required=True, metavar="L", help="what the token is for")

    # ---- the commands --------------------------------------------------------------------------

    def _add(self, options: dict[str, Any]) -> None:
        name, title = registration.check_name(options["name"]), options["title"].strip()
        validate_title(title)
        if len(title) > TITLE_MAX:
            raise CommandError(f"--title must be at most {TITLE_MAX} characters.")
        account = Account(name=name, title=title)
        account.is_staff = account.is_superuser = options["admin"]
        account.password = make_password(_new_password(account, options))
        try:
            with transaction.atomic():
                account.save(force_insert=True)
        except IntegrityError:
            raise registration.taken(name) from None
        self._say(f"Made the account {name}{', an admin' if options['admin'] else ''}.")

    def _password(self, options: dict[str, Any]) -> None:
        account = _existing(options)
        endings.change_password(account, _new_password(account, options))
        self._say(f"{account.name} has a new password; sessions and tokens are ended.")

    def _suspend(self, options: dict[str, Any]) -> None:
        account = _existing(options)
        endings.suspend(account)
        self._say(f"{account.name} is suspended; a running server signs it out within 30 s.")

    def _resume(self, options: dict[str, Any]) -> None:
        account = _existing(options)
        endings.resume(account)
        self._say(f"{account.name} may sign in again.")

    def _token(self, options: dict[str, Any]) -> None:
        label = options["label"].strip()
        validate_title(label)
        if not 1 <= len(label) <= LABEL_MAX:
            raise CommandError(f"--label must be 1 to {LABEL_MAX} characters.")
        self.stdout.write(tokens.issue(_existing(options), label))

    def _say(self, text: str) -> None:
        self.stdout.write(self.style.SUCCESS(text))


def _existing(options: dict[str, Any]) -> Account:
    name = normalise(options["name"])
    account = Account.objects.filter(name=name).first()
    if account is None:
        raise CommandError(f"There is no account “{name}”.")
    if account.deleted_at is not None:
        raise CommandError(f"The account “{name}” was deleted, for good.")
    return account


def _new_password(account: Account, options: dict[str, Any]) -> str:
    """Typed twice at a prompt, or the first line of standard input. Never an argument, which
    every user of the machine can see."""
    password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else _ask()
    validate_password(password, account)
    return password


def _ask() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords are not the same.")
    return password
