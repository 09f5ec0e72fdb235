"""An export is read to its end before anything is done: what there is, and where it goes.

So what is wrong with it is known before the first message is stored, and who wrote what is known
before the first room is made. Runs queries.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chat.conversation_ids import dm_id, dm_members, room_id
from chat.models import Conversation, Room
from chat.transfer.importing.naming import Names
from chat.transfer.importing.people import People, Unclear
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
    first_seqs: Mapping[str, int]
    """From which message on members see a new room, where that is not the first."""
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
        self._rooms: dict[str, list[Chapter]] = {}
        """What becomes the same room."""
        for chapter, said in source.chapters():
            self._look_at(chapter, said)

    @property
    def messages(self) -> int:
        return sum(place.messages for place in self.places.values())

    def _look_at(self, chapter: Chapter, said: Iterable[Said]) -> None:
        if reason := chapter.reason or self._missing(chapter):
            self.left.append(Left(chapter, reason))
            return
        senders: dict[str, Person] = {}
        messages = 0
        for one in said:
            messages += 1
            senders.setdefault(one.sender.name, one.sender)
            self.people.name_of(one.sender)
        self._place(chapter, senders.values(), messages)

    def _missing(self, chapter: Chapter) -> str:
        """Why a direct conversation is nobody's here. (A room does without some of its members.)"""
        people = () if chapter.name else chapter.members or ()
        missing = next(filter(self.people.is_missing, people), None)
        return f"there is no {missing.kind} “{missing.name}” here" if missing else ""

    def _place(self, chapter: Chapter, senders: Iterable[Person], messages: int) -> None:
        people = senders if chapter.members is None else chapter.members
        names = {person.name: self.people.name_of(person)
                 for person in people if not self.people.is_missing(person)}  # fmt: skip
        members = tuple(dict.fromkeys(names.values()))
        if chapter.name:
            id_ = self._room(chapter)
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
        first_seqs = {names[name]: seq for name, seq in chapter.first_seqs.items() if name in names}
        new = not Conversation.objects.filter(pk=id_).exists()
        self.places[chapter.key] = Place(chapter, id_, members, owner, first_seqs, messages, new)

    def _room(self, chapter: Chapter) -> str:
        """Which room it is. What was said in private is put before others, and two rooms become
        one, only where that is said."""
        id_ = room_id(self._names.room(chapter.name))
        name, told = id_.removeprefix("room:"), self._names.says_room(chapter.name)
        same = self._rooms.setdefault(id_, [])
        same.append(chapter)
        if len(same) > 1 and not all(self._names.says_room(one.name) for one in same):
            raise Unclear(
                f"“#{same[0].name}” and “#{chapter.name}” of the export would both be “#{name}”"
                " here: say which room each is, by --map “#OLD=#NEW”."
            )
        if chapter.private and not told and Room.objects.filter(pk=id_, private=False).exists():
            raise Unclear(
                f"“#{chapter.name}” of the export is private, and “#{name}” here is public: say"
                f" which room it is, by --map “#{chapter.name}=#NEW”."
            )
        return id_
