"""Which conversations have messages that are too old. Runs queries, each for many."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F

from chat.models import Conversation
from chat.retention.terms import Term
from chat.store import store

AT_A_TIME = 500
"""Conversations whose first messages are asked for at once."""
STEP = 200
"""Messages looked at, and removed, at once: few enough for the database to be free again soon."""


def outdated(term: Term) -> Iterator[str]:
    """The conversations whose first message is older than `term` keeps, and not the only one."""
    for some in _pages(term.kind):
        for conversation, first_at in store.beginnings(some).items():
            if first_at < term.since:
                yield conversation


def _pages(kind: Conversation.Kind) -> Iterator[list[str]]:
    """Those of a kind that have more than one message, as far as their hints know."""
    last = ""
    rows = Conversation.objects.filter(kind=kind, last_seq__gt=F("first_seq")).order_by("pk")
    while page := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:AT_A_TIME]):
        yield page
        last = page[-1]


def floor_within(conversation: str, since: datetime, after: int = 0) -> int:
    """Below which seq all is older than `since`, as far as one step can tell: 0 where nothing is.

    It looks at the first STEP messages after the seq `after`. Where one was said elsewhere and
    brought here, it may be older than what stands before it: what is kept is kept whole from the
    first message on that is not too old. The last message is never among them.
    """
    floor = 0
    places = store.first_places(conversation, STEP + 1, after)
    for place in places[:-1]:
        if place.sent_at >= since:
            break
        floor = place.seq + 1
    return floor
