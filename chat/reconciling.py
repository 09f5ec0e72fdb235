"""After a restore: `default` says nothing of messages that are not there.

A backup has the messages of one moment and `default` of a later one, so hints and cursors may be
ahead of the messages. Were they left there, the messages to come would count as read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db.models import Max
from django.db.models.functions import Greatest

from chat.models import Conversation, Membership, Message
from chat.store import store

AT_A_TIME = 500
"""Conversations whose last messages are asked for at once."""


class Claim(NamedTuple):
    """What `default` says of a conversation: its hint, the cursor that is furthest, and below which
    seq nothing is kept."""

    conversation: str
    hint: int
    cursor: int
    floor: int


def reconcile() -> int:
    """Set hints and cursors to what the messages allow; gives the conversations that it mended.

    Runs queries on both databases. No server may be running, which would remember otherwise.
    """
    ahead = [(claim, last) for claim, last in _with_last_seq(_claims()) if _lies(claim, last)]
    for claim, last in ahead:
        _mend(claim.conversation, last)
    return len(ahead)


def _claims() -> Iterator[Claim]:
    furthest = Greatest(Max("memberships__received_seq"), Max("memberships__read_seq"))
    rows = Conversation.objects.annotate(furthest=furthest).order_by("pk")
    fields = ("pk", "last_seq", "furthest", "first_seq")
    for conversation, hint, cursor, floor in rows.values_list(*fields).iterator():
        yield Claim(conversation, hint, cursor or 0, floor)


def _with_last_seq(claims: Iterable[Claim]) -> Iterator[tuple[Claim, int]]:
    claims = iter(claims)
    while some := list(islice(claims, AT_A_TIME)):
        last = store.last_seqs(claim.conversation for claim in some)
        yield from ((claim, last[claim.conversation]) for claim in some)


def _lies(claim: Claim, last: int) -> bool:
    return claim.hint != last or claim.cursor > last or claim.floor > max(last, 1)


def _mend(conversation: str, last: int) -> None:
    members = Membership.objects.filter(conversation=conversation)
    members.filter(received_seq__gt=last).update(received_seq=last)
    members.filter(read_seq__gt=last).update(read_seq=last)
    members.filter(first_seq__gt=last + 1).update(first_seq=last + 1)
    Conversation.objects.filter(pk=conversation, first_seq__gt=last).update(first_seq=max(last, 1))
    Conversation.objects.filter(pk=conversation, indexed_seq__gt=last).update(indexed_seq=last)
    hint: dict[str, int | datetime] = {"last_seq": last}
    if at := _sent_at(conversation, last):
        hint["last_at"] = at
    Conversation.objects.filter(pk=conversation).update(**hint)


def _sent_at(conversation: str, seq: int) -> datetime | None:
    rows = Message.objects.filter(conversation=conversation, seq=seq)
    return rows.values_list("sent_at", flat=True).first()
