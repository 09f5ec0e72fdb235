"""What all exports come down to: people, conversations, and what was said, in its order."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from chat.transfer.sources.box import Box, SourceError

__all__ = [
    "Chapter",
    "Names",
    "Person",
    "Said",
    "Source",
    "SourceError",
    "in_milliseconds",
    "joined",
]


class Person(NamedTuple):
    """`name` as it is called there, and `title`, its display name; `kind` as accounts have it,
    empty where the export does not tell."""

    name: str
    title: str = ""
    kind: str = "person"


class Said(NamedTuple):
    """One message. `key` is the same whenever the same message is read again."""

    key: str
    sender: Person
    body: str
    sent_at: datetime
    """In UTC and whole milliseconds."""
    kind: str = "text"
    data: dict[str, Any] | None = None
    edited_at: datetime | None = None
    id: str = ""
    """Of a message of this chat: it may be here still."""
    line: int = 0
    file: str = ""


class Chapter(NamedTuple):
    """A conversation of an export: a direct one, or a room, which has a name."""

    key: str
    name: str = ""
    """Of a room; empty for a direct conversation."""
    title: str = ""
    private: bool = False
    closed: bool = False
    members: Sequence[Person] | None = None
    """None where the export does not tell: then those who said something."""
    owner: Person | None = None
    first_seqs: Mapping[str, int] = MappingProxyType({})
    """Members' names, and from which of these messages on they saw it, counted from 1; who is not
    among them saw all."""
    reason: str = ""
    """Why it is left out, where it is."""


class Names(Protocol):
    """What people and rooms of the export are called here."""

    def account(self, person: Person) -> str: ...

    def room(self, name: str) -> str:
        """Without “#”."""


class Source(ABC):
    """An export. It can be gone through several times, and holds no more than a day of it."""

    called: str
    """For people."""

    def __init__(self, box: Box, names: Names) -> None:
        self.box = box
        self.names = names

    @staticmethod
    @abstractmethod
    def is_in(box: Box) -> bool:
        """Whether `box` looks like such an export."""

    @abstractmethod
    def chapters(self) -> Iterator[tuple[Chapter, Iterable[Said]]]:
        """Each conversation with what was said in it; that is to be read before the next one.

        Raises SourceError for what cannot be read, there or on the way.
        """


def in_milliseconds(moment: datetime) -> datetime:
    """In UTC, cut to what every engine keeps."""
    moment = moment.astimezone(UTC)
    return moment - timedelta(microseconds=moment.microsecond % 1000)


def joined(*parts: str | None) -> str:
    """What there is of a file or a link, on a line."""
    return " – ".join(part for part in parts if part)
