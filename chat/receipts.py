"""Which messages wait in the store for somebody, and which were received: read off the cursors.

Messages and cursors are in two databases, so neither is asked in terms of the other. Runs queries.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Greatest, Least

from chat.models import Account, Conversation, Membership
from chat.store import store

Place = tuple[str, int, str]
"""A message's conversation, seq and sender."""


class Receipt(NamedTuple):
    """How many of the others in a conversation there are, and how many have received a message."""

    received: int
    others: int


class Waiting(NamedTuple):
    """Messages that an account has not received in one of its direct conversations."""

    account: str
    conversation: str
    received_seq: int
    messages: int


def receipts(places: Sequence[Place]) -> list[Receipt]:
    """How each message was received, by who is in its conversation now. Two queries; the first
    looks at each member of these conversations once."""
    counts, own = _reached(places), _cursors_of_senders(places)
    return [_receipt(place, counts.get(place[0], Counter()), own) for place in places]


def _receipt(place: Place, counts: Counter[int], own: dict[tuple[str, str], int]) -> Receipt:
    conversation, seq, sender = place
    received = sum(count for reached, count in counts.items() if reached >= seq)
    mine = own.get((conversation, sender))
    if mine is None:
        return Receipt(received, counts.total())
    return Receipt(received - (mine >= seq), counts.total() - 1)


def _reached(places: Sequence[Place]) -> dict[str, Counter[int]]:
    """How many members of each conversation have come how far; told apart only as far as the
    messages asked for differ."""
    seqs: dict[str, list[int]] = {}
    for conversation, seq, _ in places:
        seqs.setdefault(conversation, []).append(seq)
    if not seqs:
        return {}
    spans = [
        When(
            conversation=c,
            then=Least(Greatest(F("received_seq"), Value(min(s) - 1)), Value(max(s))),
        )
        for c, s in seqs.items()
    ]
    members = Membership.objects.filter(conversation__in=seqs)
    counted = members.values("conversation_id", reached=Case(*spans)).annotate(n=Count("pk"))
    found: dict[str, Counter[int]] = {}
    for row in counted:
        found.setdefault(row["conversation_id"], Counter())[row["reached"]] = row["n"]
    return found


def _between(low: int, high: int) -> Least:
    """The cursor, brought between these two."""
    return Least(Greatest(F("received_seq"), Value(low)), Value(high))


def _cursors_of_senders(places: Sequence[Place]) -> dict[tuple[str, str], int]:
    conversations = {conversation for conversation, _, _ in places}
    senders = {sender for _, _, sender in places}
    rows = Membership.objects.filter(conversation__in=conversations, account__in=senders)
    return {
        (conversation, account): seq
        for conversation, account, seq in rows.values_list(
            "conversation_id", "account_id", "received_seq"
        )
    }


def waiting(most: int) -> list[Waiting]:
    """What waits for people in the `most` direct conversations of the latest activity that may
    have something; the latest first. Two queries."""
    behind = Membership.objects.filter(
        conversation__kind=Conversation.Kind.DM,
        conversation__last_seq__gt=F("received_seq"),
        account__kind=Account.Kind.PERSON,
        account__deleted_at=None,
    ).order_by("-conversation__last_at")
    places = behind.values_list("account_id", "conversation_id", "received_seq")[:most]
    return list(_with_others_words(places))


def _with_others_words(places: Iterable[tuple[str, str, int]]) -> Iterable[Waiting]:
    """Without those who have not received their own words alone."""
    received = {(account, conversation): seq for account, conversation, seq in places}
    heads = store.heads(received)
    for member, seq in received.items():
        if (count := heads[member].last_seq - seq - heads[member].own) > 0:
            yield Waiting(*member, seq, count)
