"""The index of words, in `default`, whatever engine holds the messages: what it can do.

A row is a message that can be found: its number, its id, conversation and seq, and its words and
marks (`words.py`). Each engine has its own class, in its own module. Who asks has found what is
theirs alone: their memberships are asked in the same statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db import connections, transaction

from chat import sql
from chat.search.numbers import NEIGHBOURS, number_of
from chat.search.queries import Phrase
from chatproject.databases import DEFAULT

TABLE = "chat_searchable"


class Entry(NamedTuple):
    """A message to be found; with no words it is only kept from being indexed otherwise."""

    message: str
    conversation: str
    seq: int
    words: list[str]
    """Its words in their order, behind its marks."""


class Wanted(NamedTuple):
    """What is looked for, by words and marks: one phrase of each list must be there."""

    account: str
    phrases: list[list[Phrase]]
    lowest: int
    """The lowest number that counts."""
    below: int


class Hit(NamedTuple):
    number: int
    message: str


class Index(ABC):
    """Every method runs queries on `default`: call it from a thread."""

    number: str
    """The column of the numbers."""
    KNOWN = "SELECT {number}, message FROM chat_searchable WHERE {number} IN ({marks})"
    PLACE = """
        SELECT {number} FROM chat_searchable
        WHERE {number} >= %s AND {number} < %s AND message = %s
    """
    REMOVE = "DELETE FROM chat_searchable WHERE {number} = %s"
    COUNT = "SELECT COUNT(*) FROM chat_searchable"

    def put(self, entries: Sequence[Entry], reached: Mapping[str, int]) -> None:
        """Add those that are not there, and note how far conversations are indexed, all or
        nothing."""
        rows = self._numbered(entries)
        with transaction.atomic(using=DEFAULT):
            if rows:
                self._insert(rows)
            self._reach(reached)

    def renew(self, entry: Entry) -> None:
        """Have the message found by these words and no others."""
        with transaction.atomic(using=DEFAULT):
            self._remove([entry.message])
            self._insert(self._numbered([entry]))

    def forget(self, messages: Iterable[str]) -> None:
        """Remove the messages with these ids."""
        with transaction.atomic(using=DEFAULT):
            self._remove(messages)

    @abstractmethod
    def find(self, wanted: Wanted, limit: int) -> list[Hit]:
        """The newest `limit` messages, of those that the account may see; the newest first."""

    def tidy(self) -> bool:
        """Do a little of what makes finding faster; whether there was any."""
        return False

    @abstractmethod
    def clear(self) -> None:
        """Remove everything, at once."""

    def count(self) -> int:
        """How many messages can be found."""
        return int(sql.rows(self.COUNT, [])[0][0])

    def place_of(self, message: str) -> int | None:
        """The number of a message; None where it is not there."""
        first = number_of(message)
        found = sql.rows(
            self.PLACE.format(number=self.number), [first, first + NEIGHBOURS, message]
        )
        return int(found[0][0]) if found else None

    @abstractmethod
    def _insert(self, rows: list[tuple[int, Entry]]) -> None:
        """Add rows; who has the number of one that is there is left out."""

    @abstractmethod
    def _reach(self, reached: Mapping[str, int]) -> None:
        """Raise the `indexed_seq` of conversations."""

    def _remove(self, messages: Iterable[str]) -> None:
        for message in messages:
            if (number := self.place_of(message)) is not None:
                execute(self.REMOVE.format(number=self.number), [number])

    def _numbered(self, entries: Sequence[Entry]) -> list[tuple[int, Entry]]:
        """Those that are not there yet, by their numbers."""
        taken = self._known([number_of(entry.message) for entry in entries])
        added: dict[int, Entry] = {}
        for entry in entries:
            number = number_of(entry.message)
            if number in taken:  # it is there, or another has its number
                taken = self._known(range(number, number + NEIGHBOURS)) | taken
            while taken.get(number, entry.message) != entry.message:
                number += 1
            if number not in taken:
                taken[number] = entry.message
                added[number] = entry
        return sorted(added.items())

    def _known(self, numbers: Sequence[int]) -> dict[int, str]:
        """The messages that have these numbers."""
        if not numbers:
            return {}
        statement = self.KNOWN.format(number=self.number, marks=sql.marks(numbers))
        return {int(number): message for number, message in sql.rows(statement, numbers)}


def execute(statement: str, parameters: Sequence[Any]) -> int:
    """How many rows it changed, where it changes some."""
    with connections[DEFAULT].cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def as_json(rows: object) -> str:
    """Many rows as one parameter: row by row, each would wait for the interpreter, which the
    event loop needs, while others wait for the database."""
    return msgspec.json.encode(rows).decode()
