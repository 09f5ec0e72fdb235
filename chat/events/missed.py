"""What a stream has missed, from the store. Runs queries."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Q

from chat.ids import beginning
from chat.merging import oldest_first
from chat.models import Change, Membership
from chat.protocol import MAX_SYNC, Message
from chat.store import store

LOOKED = 500
"""Changes looked up at once."""


def behind(account: str, at: int, told: Mapping[str, int]) -> dict[str, int]:
    """The conversations in which there may be something to tell, with the seq up to which there
    is not: that of `told`, or the last one by the time `at` (milliseconds since 1970)."""
    mine = Membership.objects.filter(account=account)
    moment = datetime.fromtimestamp(at / 1000, UTC)
    active = mine.filter(Q(conversation__in=list(told)) | Q(conversation__last_at__gt=moment))
    firsts = dict(active.values_list("conversation_id", "first_seq"))
    lasts = store.last_seqs(firsts)
    return {
        conversation: max(first - 1, _last_told(conversation, lasts[conversation], at, told))
        for conversation, first in firsts.items()
    }


def newer(account: str, since: Mapping[str, int]) -> list[Message]:
    """Some of what is newer, oldest first; empty where nothing is."""
    return oldest_first(store, since, MAX_SYNC)


def between(account: str, conversation: str, told: int, seq: int) -> list[Message]:
    """What `account` may see beyond the seq `told`, below `seq`."""
    first = Membership.objects.filter(account=account, conversation=conversation)
    first_seq = first.values_list("first_seq", flat=True).first()
    if first_seq is None:
        return []
    return store.at(conversation, range(max(told + 1, first_seq, seq - MAX_SYNC), seq))


class Missed(NamedTuple):
    key: int
    """That by which to go on."""
    number: int
    message: Message


def changes(account: str, at: int, after: int) -> list[Missed]:
    """What was edited or deleted, of what `account` may see, after the time `at` and the key
    `after`, in order; empty where nothing was."""
    mine = Membership.objects.filter(account=account)
    moment = datetime.fromtimestamp(at / 1000, UTC)
    later = Change.objects.filter(
        at__gt=moment, pk__gt=after, conversation__in=mine.values("conversation")
    )
    rows = list(later.order_by("pk").values_list("pk", "number", "conversation_id", "seq")[:LOOKED])
    firsts = dict(
        mine.filter(conversation__in={c for *_, c, _ in rows})
        .values_list("conversation_id", "first_seq")
    )  # fmt: skip
    now = {
        (message.conversation, message.seq): message
        for conversation, first in firsts.items()
        for message in store.at(
            conversation, {seq for *_, c, seq in rows if c == conversation and seq >= first}
        )
    }
    found = [Missed(pk, number, now[conversation, seq]) for pk, number, conversation, seq in rows
             if (conversation, seq) in now]  # fmt: skip
    return found or (changes(account, at, rows[-1][0]) if rows else [])


def _last_told(conversation: str, last: int, at: int, told: Mapping[str, int]) -> int:
    if conversation in told:
        return told[conversation]
    floor = beginning(at + 1)
    return _last_below(conversation, last, floor)


def _last_below(conversation: str, last: int, floor: str) -> int:
    """The last seq whose message has an id below `floor`, as ids rise with seqs: looked for from
    the end, in ever longer steps, for it is near."""

    def is_below(seq: int) -> bool:
        found = store.at(conversation, [seq])
        return not found or found[0].id < floor  # what is as old as that may be removed

    above, step = last + 1, 1
    while above > 1 and not is_below(max(1, above - step)):
        above, step = max(1, above - step), step * 2
    below = max(0, above - step)
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (middle, above) if is_below(middle) else (below, middle)
    return below
