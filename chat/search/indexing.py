"""Brings the index up to what was said, a little at a time.

`Conversation.last_seq` says how far a conversation has come, `indexed_seq` how far it is indexed;
both are in `default`, as the index is, and a step raises the latter in the transaction that adds
the messages. So whoever dies on the way leaves nothing half done, and two who index at the same
time do the same. `last_seq` is a hint: it may be ahead of the messages, for an instant or for long.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.db import DataError, IntegrityError
from django.db.models import F

from chat.models import Conversation, Message
from chat.search.choice import index
from chat.search.index import Entry
from chat.search.words import marks, words
from chat.store import Said, store

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Messages in one transaction: a few milliseconds, for which others wait who write to `default`."""
TEXT_AT_ONCE = 100_000
"""Characters in one transaction: each sign of a script without spaces is a word, of 80 bytes."""
FOUND_BY_WORDS = frozenset({Message.Kind.TEXT, Message.Kind.NOTICE, Message.Kind.ALERT})
"""Readings are no words, and what is deleted says nothing."""
WILL_NOT_HAVE = (IntegrityError, DataError)
"""What a database says of rows that it can't store, however often they come."""
AHEAD_FIRST, AHEAD_FOR = 0.1, 60.0
"""Seconds until a conversation whose hint is ahead of its messages is looked at again: at first,
then twice as long each time, and at most."""


class Unindexed(NamedTuple):
    """The part of a conversation that is not indexed."""

    conversation: str
    after: int
    last: int


class Ahead(NamedTuple):
    """A conversation of which there was less than its hint said."""

    last: int
    pause: float
    until: float
    """By the monotonic clock."""


class Indexer:
    """Goes round the conversations that have something new; for one thread."""

    def __init__(self, may: Callable[[], bool] = lambda: True) -> None:
        """`may` is asked where there is something to do."""
        self._may = may
        self._beyond = ""
        self._read = 0
        """Messages in this round."""
        self._ahead: dict[str, Ahead] = {}

    def step(self) -> int | None:
        """Index some messages; gives how many were read, or None after a round in which there was
        nothing new. Runs queries."""
        found = self._next()
        if not found or not self._may():
            again, self._beyond, self._read = self._read, "", 0
            return 0 if again and not found else None
        self._beyond = found[-1].conversation
        spans = {one.conversation: one for one in self._not_ahead(found)}
        said = store.said({c: (one.after, one.last) for c, one in spans.items()})
        reached: dict[str, int] = {}
        for some in pieces(sorted(said, key=lambda one: (one.conversation, one.seq))):
            here = {one.conversation: one.seq for one in some}
            _put(entries(some), here)
            reached |= here
        self._note_ahead(spans.values(), reached)
        self._read += len(said)
        return len(said)

    def _next(self) -> list[Unindexed]:
        """The next conversations in the round, with AT_ONCE messages in all."""
        rows = (
            Conversation.objects.filter(last_seq__gt=F("indexed_seq"), pk__gt=self._beyond)
            .order_by("pk")
            .values_list("pk", "indexed_seq", "first_seq", "last_seq")[:AT_ONCE]
        )
        return list(_shared_out(rows))

    def _not_ahead(self, found: Iterable[Unindexed]) -> Iterator[Unindexed]:
        now = time.monotonic()
        for one in found:
            ahead = self._ahead.get(one.conversation)
            if ahead is None or one.last != ahead.last or now >= ahead.until:
                yield one

    def _note_ahead(self, spans: Iterable[Unindexed], reached: dict[str, int]) -> None:
        """What is just being stored is there the next time; else look ever more rarely."""
        now = time.monotonic()
        for conversation, _, last in spans:
            before = self._ahead.pop(conversation, None)
            if reached.get(conversation, 0) < last:
                pause = before.pause * 2 if before and before.last == last else AHEAD_FIRST
                pause = min(pause, AHEAD_FOR)
                self._ahead[conversation] = Ahead(last, pause, now + pause)


def pieces(said: Iterable[Said]) -> Iterator[list[Said]]:
    """The same in the same order, in lists of about TEXT_AT_ONCE characters at the most."""
    piece: list[Said] = []
    room = TEXT_AT_ONCE
    for one in said:
        if piece and len(one.body) > room:
            yield piece
            piece, room = [], TEXT_AT_ONCE
        piece.append(one)
        room -= len(one.body)
    if piece:
        yield piece


def _put(found: list[Entry], reached: dict[str, int]) -> None:
    """One that the index will not have (it should have all) keeps no other from it."""
    try:
        index().put(found, reached)
    except WILL_NOT_HAVE:
        for one in found:
            _put_alone(one)
        index().put([], reached)


def _put_alone(one: Entry) -> None:
    try:
        index().put([one], {})
    except WILL_NOT_HAVE as error:
        log.error("Message %s will not be found: %s", one.message, type(error).__name__)


def _shared_out(rows: Iterable[tuple[str, int, int, int]]) -> Iterator[Unindexed]:
    room = AT_ONCE
    for conversation, indexed, first, last in rows:
        after = max(indexed, first - 1)  # below there is nothing any more
        last = min(last, after + room)
        yield Unindexed(conversation, after, last)
        room -= last - after
        if room <= 0:
            return


def entries(said: Iterable[Said]) -> list[Entry]:
    return [entry(one) for one in said if one.kind in FOUND_BY_WORDS]


def entry(one: Said) -> Entry:
    found_by = [*marks(one.conversation, one.sender), *words(one.body)]
    return Entry(one.id, one.conversation, one.seq, found_by)


def behind() -> int:
    """How many messages are not indexed, by the hints."""
    rows = Conversation.objects.filter(last_seq__gt=F("indexed_seq"))
    spans = rows.values_list("indexed_seq", "first_seq", "last_seq")
    return sum(last - max(indexed, first - 1) for indexed, first, last in spans.iterator())
