"""What a stream has missed, from the store. Runs queries."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Max, Q

from chat.events.position import AGE
from chat.ids import beginning
from chat.merging import oldest_first
from chat.models import Change, Membership
from chat.protocol import MAX_SYNC, Message
from chat.store import store

LOOKED = 500
"""Changes looked up at once."""
COLUMNS = "pk", "number", "conversation_id", "seq"
FILLED = 100
"""Messages of one conversation read at once."""


class Start(NamedTuple):
    """Up to where there is nothing to tell of a conversation."""

    seq: int
    change: int


class Missed(NamedTuple):
    """A change, and the message as it is now."""

    key: int
    """That by which to go on."""
    number: int
    message: Message


class _Place(NamedTuple):
    first_seq: int
    received_seq: int
    joined: int
    """Milliseconds since 1970; 0 where it was not joined."""


def start(account: str, conversation: str, at: int) -> Start:
    """For who was told all by the time `at` (milliseconds since 1970), or has joined since."""
    place = _places(account, Q(conversation=conversation)).get(conversation)
    if place is None:
        return Start(0, 0)
    earlier = Change.objects.filter(
        conversation=conversation, at__lte=_moment(max(at, place.joined))
    )
    last = store.last_seqs([conversation])[conversation]
    change = earlier.aggregate(last=Max("number"))["last"] or 0
    return Start(_told_by(conversation, place, last, at), change)


def behind(account: str, at: int, told: Mapping[str, int]) -> dict[str, int]:
    """The conversations in which there may be something to tell, with the seq up to which there
    is not: that of `told`, or the last one by the time `at` (milliseconds since 1970)."""
    since = _moment(max(0, at - AGE))  # a conversation's time is a hint, of another clock than ids
    active = Q(conversation__in=list(told)) | Q(conversation__last_at__gt=since)
    places = _places(account, active)
    lasts = store.last_seqs(places)
    return {
        conversation: max(place.first_seq - 1, told[conversation])
        if conversation in told
        else _told_by(conversation, place, lasts[conversation], at)
        for conversation, place in places.items()
    }


def newer(account: str, since: Mapping[str, int]) -> list[Message]:
    """Some of what is newer, oldest first; empty where nothing is."""
    return oldest_first(store, since, MAX_SYNC)


def between(account: str, conversation: str, told: int, seq: int) -> list[Message]:
    """Some of what `account` may see beyond the seq `told`, below `seq`, in order; empty where
    nothing is."""
    place = _places(account, Q(conversation=conversation)).get(conversation)
    if place is None:
        return []
    later = store.after(conversation, max(told, place.first_seq - 1), FILLED)
    return [message for message in later if message.seq < seq]


def changes(account: str, at: int, after: int) -> list[Missed]:
    """Some of what was edited or deleted, of what `account` may see, after the time `at` and the
    key `after`, in order; empty where nothing was."""
    mine = Membership.objects.filter(account=account)
    later = Change.objects.filter(
        at__gt=_moment(at), pk__gt=after, conversation__in=mine.values("conversation")
    )
    rows = list(later.order_by("pk").values_list(*COLUMNS)[:LOOKED])
    return _as_now(account, rows) or (changes(account, at, rows[-1][0]) if rows else [])


def changes_between(account: str, conversation: str, told: int, number: int) -> list[Missed]:
    """The same, of one conversation: beyond the change `told`, below the change `number`."""
    later = Change.objects.filter(conversation=conversation, number__gt=told, number__lt=number)
    rows = list(later.order_by("number").values_list(*COLUMNS)[:LOOKED])
    found = _as_now(account, rows)
    return found or (changes_between(account, conversation, rows[-1][1], number) if rows else [])


def _as_now(account: str, rows: list[tuple[int, int, str, int]]) -> list[Missed]:
    """Those of the changes that `account` may see."""
    places = _places(account, Q(conversation__in={c for *_, c, _ in rows}))
    now = {
        (message.conversation, message.seq): message
        for conversation, place in places.items()
        for message in store.at(
            conversation,
            {seq for *_, c, seq in rows if c == conversation and seq >= place.first_seq},
        )
    }
    return [Missed(key, number, now[conversation, seq]) for key, number, conversation, seq in rows
            if (conversation, seq) in now]  # fmt: skip


def _places(account: str, which: Q) -> dict[str, _Place]:
    rows = Membership.objects.filter(which, account=account).values_list(
        "conversation_id", "first_seq", "received_seq", "joined_at"
    )
    return {
        conversation: _Place(first, received, _milliseconds(joined))
        for conversation, first, received, joined in rows
    }


def _told_by(conversation: str, place: _Place, last: int, at: int) -> int:
    """The last seq that is not to be told to who was told all by the time `at`, or joined later:
    what was said before that is there to be read, but nobody's news. It was received, they say,
    from the beginning."""
    if place.joined > at:
        told = _last_below(conversation, last, beginning(place.joined + 1))
        return max(place.first_seq - 1, min(place.received_seq, told))
    return max(place.first_seq - 1, _last_below(conversation, last, beginning(at + 1)))


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


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)


def _milliseconds(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0
