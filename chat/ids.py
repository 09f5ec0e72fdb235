"""Message ids: UUIDv7, each greater than the one before it in its conversation.

Clients read in the order of ids, which is that of time. Processes have clocks of their own, some
ahead of others, so an id says the time of its process's clock, or, where the conversation is
ahead of that, the time of its last message. (After the hybrid logical clocks of
Kulkarni et al., 2014, one for each conversation, so that one wrong clock does not become
everybody's.)
"""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

COUNTED = 1 << 12
"""Ids of one millisecond that this process keeps in order: the 12 bits after the time (RFC 9562,
6.2, method 1)."""
VERSION, VARIANT = 0x7000, 0x8000
VARIANT_BITS = 0x3FFF
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Stamp(NamedTuple):
    id: str
    at: int
    """Milliseconds since 1970, as the id has them."""


class Ids:
    """Makes ids; for one thread."""

    def __init__(self) -> None:
        self._at = 0
        self._count = 0

    def new(self, last: str) -> Stamp:
        """An id greater than any that this process made, and than `last`, the id of the
        conversation's last message ("" where there is none)."""
        self._count += 1
        now = time.time_ns() // 1_000_000
        if now > self._at or self._count == COUNTED:
            self._at, self._count = max(now, self._at + 1), 0
        stamp = _stamp(self._at, self._count)
        return stamp if stamp.id > last else _after(last)


def time_of(id_: str) -> int:
    """The milliseconds since 1970 that an id says."""
    return int(id_[:8] + id_[9:13], 16)


def moment(id_: str) -> datetime:
    """The time that an id says: of a message that was said here, when it was sent."""
    return EPOCH + timedelta(milliseconds=time_of(id_))


def beginning(at: int) -> str:
    """What the ids of that time have in common: a text before them, and behind all earlier ones."""
    time_ = f"{at:012x}"
    return f"{time_[:8]}-{time_[8:]}"


def _after(last: str) -> Stamp:
    at, count = time_of(last), int(last[15:18], 16) + 1
    return _stamp(at, count) if count < COUNTED else _stamp(at + 1, 0)


def _stamp(at: int, count: int) -> Stamp:
    time_, random = f"{at:012x}", os.urandom(8).hex()
    variant = VARIANT | int(random[:4], 16) & VARIANT_BITS
    return Stamp(f"{time_[:8]}-{time_[8:]}-{VERSION | count:04x}-{variant:04x}-{random[4:]}", at)
