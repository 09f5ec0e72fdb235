"""An export is read to its end before anything is done: what there is, and where it goes.

So what is wrong with it is known before the first message is stored, and who wrote what is known
before the first room is made. Runs queries.
"""

from collections.abc import Iterable
from typing import NamedTuple

from chat.conversation_ids import dm_id, dm_members, room_id
from chat.models import Conversation
from chat.transfer.importing.naming import Names
from chat.transfer.importing.people import People
from chat.transfer.sources import Source
from chat.transfer.sources.model import Chapter, Person, Said
from chat.transfer.sources.own import Own


class Place(NamedTuple):
    """A conversation of the export, and which one it is here."""

    chapter: Chapter
    conversation: str
    members: tuple[str, ...]
    owner: str
    """Of a room; empty where nobody is."""
    messages: int
    new: bool


class Left(NamedTuple):
    """What is not brought in, and why."""

    chapter: Chapter
    reason: str


class Survey:
    def __init__(self, source: Source, names: Names) -> None:
        """Reads all of it. Raises SourceError and Unclear."""
        self.source = source
        self.people = People(names, own=isinstance(source, Own))
        self.places: dict[str, Place] = {}
        """By the chapter's key."""
        self.left: list[Left] = []
        self._names = names
        for chapter, said in source.chapters():
            self._look_at(chapter, said)

    @property
    def messages(self) -> int:
        return sum(place.messages for place in self.places.values())

    def _look_at(self, chapter: Chapter, said: Iterable[Said]) -> None:
        if chapter.reason:
            self.left.append(Left(chapter, chapter.reason))
            return
        senders: dict[str, Person] = {}
        messages = 0
        for one in said:
            messages += 1
            senders.setdefault(one.sender.name, one.sender)
            self.people.name_of(one.sender)
        self._place(chapter, senders.values(), messages)

    def _place(self, chapter: Chapter, senders: Iterable[Person], messages: int) -> None:
        people = senders if chapter.members is None else chapter.members
        members = tuple(dict.fromkeys(self.people.name_of(person) for person in people))
        if chapter.name:
            id_ = room_id(self._names.room(chapter.name))
        elif len(members) == 2 or (members and chapter.members is not None):
            id_ = dm_id(members[0], members[-1])
        else:
            reason = f"of its two people {len(members)} can be told"
            self.left.append(Left(chapter, reason))
            return
        if gone := self.people.deleted.intersection(dm_members(id_)):
            self.left.append(Left(chapter, f"the account “{gone.pop()}” was deleted"))
            return
        owner = self.people.name_of(chapter.owner) if chapter.owner else ""
        new = not Conversation.objects.filter(pk=id_).exists()
        self.places[chapter.key] = Place(chapter, id_, members, owner, messages, new)
