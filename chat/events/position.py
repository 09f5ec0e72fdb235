"""How far a stream has come: what an event's id says, and where a client goes on.

A position names the conversations in which something was told lately, with the last seq told; of
all others it says that they are told up to a time, which is AGE ago: by ids, which say their time.
So it stays short, however many conversations there are: where too much is told lately, those told
first are not named, and the last of them may be told twice. It relies on no message being stored
under an id that is older than AGE: stores give up long before that, and the clocks of an
installation's machines are to agree (the doctor looks).
"""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from chat.conversation_ids import is_conversation
from chat.ids import time_of
from chat.protocol import MAX_SEQ, Invalid, Message

AGE = 120_000
"""Milliseconds."""
LONGEST = 6 * 1024
"""Characters of a position: many proxies refuse headers of more than 8 KiB in all."""
ROOM = LONGEST // 4 * 3 - 32
"""Bytes for names, as four characters say three bytes, beside what stands around them."""
NUMBER = 11
"""Bytes beside a name: what says its length, and the number."""
UNKNOWN = "“Last-Event-ID” must be the id of an event of this stream, as it came."


Number = Annotated[int, Meta(ge=0, le=MAX_SEQ)]


class _Written(Struct, array_like=True):
    at: int
    seqs: dict[str, Number]
    changes: dict[str, Number]


class Told:
    """The last number told, by conversation; and when, of those told lately."""

    def __init__(self, last: dict[str, int] | None = None) -> None:
        self.last = dict(last or {})
        self._when = dict.fromkeys(self.last, _now())

    def note(self, conversation: str, number: int, at: int = 0) -> None:
        """`at`: milliseconds since 1970, where what was told is from a time to come."""
        self.last[conversation] = number
        self._when.pop(conversation, None)  # to be the last
        self._when[conversation] = max(at, _now())

    def start(self, conversation: str, number: int, at: int) -> None:
        """Nothing up to `number`, which is from the time `at`, is to be told."""
        if conversation not in self.last:
            self.last[conversation] = number
            self._when[conversation] = at

    def begin(self, conversation: str, number: int) -> None:
        """Nothing up to `number` is to be told of what has come up just now."""
        if conversation not in self.last:
            self.note(conversation, number)

    def forget(self, conversation: str) -> None:
        self.last.pop(conversation, None)
        self._when.pop(conversation, None)

    def knows(self, conversation: str, number: int) -> bool:
        return number <= self.last.get(conversation, -1)

    def after(self, time: int, room: int) -> dict[str, int]:
        """What was told after that time, which only goes on; of it the last, in `room` bytes."""
        self._when = {name: at for name, at in self._when.items() if at > time}
        named = []
        for name in reversed(self._when):
            room -= _size(name)
            if room < 0:
                break
            named.append(name)
        return {name: self.last[name] for name in reversed(named)}


class Position:
    """`at`: milliseconds since 1970. Conversations that are not named are told up to there."""

    def __init__(self, at: int | None = None, seqs: Told | None = None, changes: Told | None = None
                 ) -> None:  # fmt: skip
        self._at = at
        self._begun = 0
        self.seqs = seqs or Told()
        self.changes = changes or Told()

    @classmethod
    def read(cls, text: str) -> "Position":
        """Raises Invalid."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii") + b"==")
            written = msgspec.msgpack.decode(raw, type=_Written)
        except (ValueError, msgspec.MsgspecError):
            raise Invalid(UNKNOWN) from None
        named = [*written.seqs, *written.changes]
        if len(text) > LONGEST or not 0 <= written.at <= _now() or not _are_ids(named):
            raise Invalid(UNKNOWN)
        return cls(written.at, Told(written.seqs), Told(written.changes))

    def __str__(self) -> str:
        at = self.at
        changes = self.changes.after(at, ROOM // 4)
        seqs = self.seqs.after(at, ROOM - sum(map(_size, changes)))
        written = _Written(at, seqs, changes)
        return urlsafe_b64encode(msgspec.msgpack.encode(written)).decode().rstrip("=")

    @property
    def at(self) -> int:
        return _now() - AGE if self._at is None else self._at

    @property
    def is_behind(self) -> bool:
        """Whether there may be more to tell than what comes live."""
        return self._at is not None

    def fall_behind(self) -> None:
        """Something may have been missed."""
        self._at = self.at

    def begin(self) -> None:
        """From here on `tell` is told what is missing, in the order of ids."""
        self._begun = _now()

    def catch_up(self) -> None:
        """All that there was is told."""
        self._at = None

    def tell(self, message: Message) -> None:
        at = time_of(message.id)
        self.seqs.note(message.conversation, message.seq, at)
        if self._at is not None:  # what may be missing is newer, or is stored only now
            self._at = max(self._at, min(at - 1, self._begun - AGE))


def _size(name: str) -> int:
    return len(name) + NUMBER  # of ids, all are ASCII


def _are_ids(names: Iterable[str]) -> bool:
    """Not every text may be asked of every database."""
    return all(map(is_conversation, names))


def _now() -> int:
    return time.time_ns() // 1_000_000
