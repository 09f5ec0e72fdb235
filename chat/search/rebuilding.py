"""The index made anew, in the order of the messages' ids: as they lie in the index, newest last.

The indexer (`indexing.py`) goes by conversations. Of a million messages that would change a page
of the database for each.
"""

import time
from collections.abc import Callable, Iterator

from django.db import transaction

from chat.models import Conversation, Message
from chat.search.choice import index
from chat.search.hosting import LEASE
from chat.search.indexing import entries, pieces
from chat.store import Said
from chatproject.databases import DEFAULT
from chatproject.lease import RENEWED_EVERY, Holder
from chatproject.models import Lease

PAGE = 200
"""Messages in one transaction: a chat that runs meanwhile waits for that long."""
OTHERS_TURN = 0.002
"""Seconds between two transactions, for those who wait."""
NOTED_AT_ONCE = 500


def rebuild(tell: Callable[[int], object]) -> int:
    """Empty the index and fill it from all messages; gives how many were read. `tell` is told how
    many more were. Runs queries.

    Where it is interrupted, the indexer of a running chat does the rest.
    """
    lease, renew_at, read = Holder(LEASE), 0.0, 0
    reached = _clear()
    for page in _pages():
        if time.monotonic() >= renew_at:
            _take(lease)
            renew_at = time.monotonic() + RENEWED_EVERY
        for some in pieces(page):
            index().put(entries(some), {})
        while index().tidy():
            time.sleep(OTHERS_TURN)
        for said in page:
            reached.note(said)
        read += len(page)
        tell(len(page))
        time.sleep(OTHERS_TURN)
    reached.save()
    lease.release()
    return read


class Reached:
    """How far each conversation is indexed without a hole: of what was stored on the way, some may
    have come with an id that was passed already."""

    def __init__(self, floors: dict[str, int]) -> None:
        """`floors`: the first seq of each conversation that begins above 1."""
        self._floors = floors
        self.seqs: dict[str, int] = {}

    def note(self, said: Said) -> None:
        floor = self._floors.get(said.conversation, 1) - 1
        if said.seq == self.seqs.get(said.conversation, floor) + 1:
            self.seqs[said.conversation] = said.seq

    def save(self) -> None:
        seqs = list(self.seqs.items())
        for start in range(0, len(seqs), NOTED_AT_ONCE):
            index().put([], dict(seqs[start : start + NOTED_AT_ONCE]))


def _clear() -> Reached:
    floors = Conversation.objects.filter(first_seq__gt=1).values_list("pk", "first_seq")
    with transaction.atomic(using=DEFAULT):
        index().clear()
        Conversation.objects.filter(indexed_seq__gt=0).update(indexed_seq=0)
    return Reached(dict(floors))


def _pages() -> Iterator[list[Said]]:
    """All messages in the order of their ids."""
    last = ""
    while True:
        rows = Message.objects.filter(pk__gt=last).order_by("pk")
        page = [Said(*row) for row in rows.values_list(*Said._fields)[:PAGE]]
        if not page:
            return
        yield page
        last = page[-1].id


def _take(lease: Holder) -> None:
    """Also from who has it: the indexer notices within seconds, and does no harm until then."""
    if not lease.take():
        Lease.objects.filter(name=LEASE).delete()
        lease.take()
