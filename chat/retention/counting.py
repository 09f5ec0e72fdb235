"""How much is too old. Runs queries."""

from typing import NamedTuple

from chat.retention.finding import floor_within, outdated
from chat.retention.terms import Term
from chat.store import store


class Counted(NamedTuple):
    messages: int
    conversations: int


def count_outdated(term: Term) -> Counted:
    """What `term` does not keep, as it is at this moment."""
    counts = [_count(conversation, term) for conversation in outdated(term)]
    return Counted(sum(counts), len(counts))


def _count(conversation: str, term: Term) -> int:
    """Looks at where they are alone, a step at a time; seqs have no gaps."""
    (first, *_) = store.first_places(conversation, 1)
    floor = first.seq
    while (reached := floor_within(conversation, term.since, after=floor - 1)) > floor:
        floor = reached
    return floor - first.seq
