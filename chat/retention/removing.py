"""Removes what is too old, a little at a time, while people write.

First the floor of the conversation is raised, then what is below it goes: whoever dies in between
leaves messages that nobody is shown, and the next who looks finds them to be too old again. Their
words go first: once a message is gone, nobody would look for them any more. The last message always
stays, so that the conversation's seqs and ids go on from it.
"""

import time
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat.models import Change, Conversation, Mention
from chat.retention.finding import STEP, floor_within, outdated
from chat.retention.terms import Term, terms
from chat.search import keeping
from chat.store import store

REST = 9
"""How many times as long as a step took nothing is done after it: others need the disk more."""
SHORTEST_REST = 0.02
"""Seconds."""


def remove_outdated(
    until: float, now: datetime | None = None, tell: Callable[[int], object] = int
) -> int:
    """Remove what the settings don't keep, until `time.monotonic()` is `until`; gives how many
    messages went, and tells so of each step. Runs queries; may be done by several at once."""
    return sum(
        _remove(term, conversation, until, tell)
        for term in terms(now or timezone.now())
        for conversation in outdated(term)
    )


def _remove(term: Term, conversation: str, until: float, tell: Callable[[int], object]) -> int:
    removed = 0
    while (began := time.monotonic()) < until:
        floor = floor_within(conversation, term.since)
        if not floor:
            break
        step = remove_below(conversation, floor)
        removed += step
        tell(step)
        _rest(began)
    return removed


def _rest(began: float) -> None:
    time.sleep(max(SHORTEST_REST, REST * (time.monotonic() - began)))


def remove_below(conversation: str, floor: int) -> int:
    """Remove all below the seq `floor`, which are few; gives how many messages there were."""
    with transaction.atomic():
        row = Conversation.objects.filter(pk=conversation, first_seq__lt=floor)
        row.update(first_seq=floor)
        Mention.objects.filter(conversation=conversation, seq__lt=floor).delete()
        _forget_changes(conversation, floor)
    (first, *_) = store.first_places(conversation, 1)
    below = [message.id for message in store.after(conversation, 0, STEP) if message.seq < floor]
    keeping.forget(below)
    store.remove_below(conversation, floor)
    return max(0, floor - first.seq)  # seqs have no gaps


def _forget_changes(conversation: str, floor: int) -> None:
    """The last change stays, whatever it was of: clients who ask learn by it that they know all."""
    changes = Change.objects.filter(conversation=conversation, seq__lt=floor)
    changes.exclude(number=F("conversation__changes")).delete()
