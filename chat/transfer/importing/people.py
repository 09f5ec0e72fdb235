"""Who the people of an export are here: accounts that are there, or that are made. Runs queries.

One that is made has no password: nobody can sign in to it before it is given one, by
`manage.py account password NAME`.
"""

from typing import NamedTuple

from django.core.exceptions import ValidationError

from chat.accounts.titles import validate_title
from chat.models import Account
from chat.models.account import TITLE_MAX
from chat.names import RESERVED, normalise
from chat.transfer.importing.naming import Names
from chat.transfer.sources.model import Person

GUESTS = (Account.Kind.BOT, Account.Kind.DEVICE)


class Unclear(Exception):
    """Who somebody is, or which room one is, has to be said, by --map; its text is for the person
    who imports."""


class Known(NamedTuple):
    name: str
    made: bool
    """Whether the account is one that this import makes."""


class People:
    def __init__(self, names: Names, own: bool) -> None:
        """`own`: the export is of this chat, so its bots and devices are those here."""
        self._names = names
        self._own = own
        self.known: dict[str, Known] = {}
        """By the names there."""
        self.deleted: set[str] = set()
        """Accounts that once were here: what they said in rooms is theirs, but nobody can be in a
        direct conversation with them any more."""
        self._titles: dict[str, str] = {}
        self._there: dict[str, Person] = {}
        """Who of the export an account is, by its name."""

    def name_of(self, person: Person) -> str:
        """The account's name. Raises Unclear where it is not to be guessed."""
        if (found := self.known.get(person.name)) is None:
            name = self._names.account(person)
            self._require_apart(name, person)
            found = self.known[person.name] = Known(name, not self._is_there(name, person))
        if person.title:
            self._titles.setdefault(found.name, person.title)
        return found.name

    def is_missing(self, person: Person) -> bool:
        """Whether it is a bot or a device that is not here: no account is to be made for it."""
        name = self._names.account(person)
        return self._is_guest(person) and not Account.objects.filter(pk=name).exists()

    def _is_guest(self, person: Person) -> bool:
        """A bot or a device, unless it was said to be somebody."""
        return person.kind in GUESTS and not self._names.says_account(person)

    def _require_apart(self, name: str, person: Person) -> None:
        """Two become one only where that is said of both."""
        other = self._there.setdefault(name, person)
        told = self._names.says_account(other) and self._names.says_account(person)
        if normalise(other.name) != normalise(person.name) and not told:
            raise Unclear(
                f"“{other.name}” and “{person.name}” of the export would both be “{name}” here:"
                f" say who each is, by --map {other.name}=NAME and --map {person.name}=NAME."
            )

    def _is_there(self, name: str, person: Person) -> bool:
        account = Account.objects.filter(pk=name).first()
        if account is None:
            if name in RESERVED:
                raise _unclear(person, f"the name “{name}” is the chat's own")
            if self._is_guest(person):
                raise _unclear(person, f"there is no {person.kind} “{name}” here")
            return False
        if account.deleted_at is not None:
            if not self._own:
                raise _unclear(person, f"the account “{name}” was deleted")
            self.deleted.add(name)
        if not self._is_alike(account, person):
            raise _unclear(person, f"“{name}” is a {account.kind} here")
        return True

    def _is_alike(self, account: Account, person: Person) -> bool:
        if account.kind == Account.Kind.PERSON:
            return not self._is_guest(person)
        return self._own and person.kind in ("", account.kind)

    def make(self) -> None:
        """Make those accounts that are not there. May be done again."""
        there = set(Account.objects.values_list("name", flat=True))
        for name in sorted({known.name for known in self.known.values() if known.made} - there):
            Account.objects.create_user(name, title=_title(self._titles.get(name, "")))


def _unclear(person: Person, why: str) -> Unclear:
    return Unclear(
        f"{why[0].upper()}{why[1:]}, and the export has somebody called “{person.name}”:"
        f" say who that is, as with --map {person.name}=NAME."
    )


def _title(title: str) -> str:
    """As much of a display name as may be one here."""
    title = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:TITLE_MAX]
    try:
        validate_title(title)
    except ValidationError:
        return ""
    return title.strip()
