"""How far a stream has come: what an event's id says, and where a client goes on.

A position names the conversations in which something was told lately, with the last seq told; of
all others it says that they are told up to a time, which is AGE ago: by ids, which say their time.
So it stays short, however many conversations there are. It relies on no message being stored under
an id that is older than AGE: stores give up long before that, and the clocks of an installation's
machines are to agree (the doctor looks).
"""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
from msgspec import Struct

from chat.ids import time_of
from chat.protocol import Invalid, Message

AGE = 120_000
"""Milliseconds."""
MOST = 200
"""Conversations that a position names; of others that are as busy, the last may come twice."""
LONGEST = 32 * 1024
"""Characters of a position."""
UNKNOWN = "“Last-Event-ID” must be the id of an event of this stream, as it came."


class _Written(Struct, array_like=True):
    at: int
    seqs: dict[str, int]
    changes: dict[str, int]


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

    def forget(self, conversation: str) -> None:
        self.last.pop(conversation, None)
        self._when.pop(conversation, None)

    def knows(self, conversation: str, number: int) -> bool:
        return number <= self.last.get(conversation, -1)

    def after(self, time: int) -> dict[str, int]:
        """What was told after that time, which only goes on."""
        self._when = {name: at for name, at in self._when.items() if at > time}
        return {name: self.last[name] for name in list(self._when)[-MOST:]}


class Position:
    """`at`: milliseconds since 1970. Conversations that are not named are told up to there."""

    def __init__(self, at: int | None = None, seqs: Told | None = None, changes: Told | None = None
                 ) -> None:  # fmt: skip
        self._at = at
        self.seqs = seqs or Told()
        self.changes = changes or Told()

    @classmethod
    def read(cls, text: str) -> "Position":
        """Raises Invalid."""
        try:
            raw = urlsafe_b64decode(text[:LONGEST].encode("ascii") + b"==")
            written = msgspec.msgpack.decode(raw, type=_Written)
        except (ValueError, msgspec.MsgspecError):
            raise Invalid(UNKNOWN) from None
        if not 0 <= written.at <= _now():
            raise Invalid(UNKNOWN)
        return cls(written.at, Told(written.seqs), Told(written.changes))

    def __str__(self) -> str:
        at = self.at
        written = _Written(at, self.seqs.after(at), self.changes.after(at))
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

    def catch_up(self) -> None:
        """All that there was is told."""
        self._at = None

    def tell(self, message: Message) -> None:
        self.seqs.note(message.conversation, message.seq, time_of(message.id))


def _now() -> int:
    return time.time_ns() // 1_000_000
