"""Single readings of a time, found in the feed by its indexes: no scan of messages.

A real device's are found by their ids, which have the time. A simulated one's are in the feed in
the order of time, and the ids of messages begin with when they were stored.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from chat import ids
from chat.models import Message as Stored
from chat.protocol import Message
from chat.store import store
from devices.course import UNUSABLE, Measured, measured
from devices.ids import at_milliseconds, milliseconds, time_id
from devices.intake.checks import AHEAD
from devices.models import Device, Summary
from devices.models.summary import HOUR

MILLISECOND = timedelta(milliseconds=1)
FIRST = at_milliseconds(10**12)
"""In 2001: since then times in ids have 13 digits, and are in their order as texts."""
AHEAD_MOST = 600
"""Ids that are looked through for readings of a device whose clock is ahead: ten a second."""
LATE, FEW = timedelta(seconds=10), 5
"""A simulated reading is stored so long after its time at the latest; or else, where nothing ran
at that time, it is among the first few messages that are."""
OTHERS = 50
"""Messages read besides: notices, and what was stored meanwhile."""


def latest(device: Device, since: datetime, until: datetime, most: int) -> list[Measured]:
    """The last `most` readings measured from `since` to `until`, in the order of time."""
    find = _in_order if device.simulated else _by_ids
    found = [
        each for each in _readings(find(device, since, until, most)) if since <= each.at <= until
    ]
    return sorted(found, key=lambda reading: reading.at)[-most:]


def _readings(messages: Iterable[Message]) -> Iterator[Measured]:
    for message in messages:
        if message.kind == Stored.Kind.READING:
            with suppress(*UNUSABLE):
                yield measured(message)


def _by_ids(device: Device, since: datetime, until: datetime, most: int) -> list[Message]:
    """A clock that was ahead is in the id alone: the reading itself is of when it came."""
    first, last = time_id(max(since, FIRST)), time_id(until)
    beyond = time_id(until + MILLISECOND), time_id(until + AHEAD)
    within = store.sent_between(device.name, first, last, most)
    return within + store.sent_between(device.name, *beyond, AHEAD_MOST)


def _in_order(device: Device, since: datetime, until: datetime, most: int) -> list[Message]:
    return store.before(device.feed, 1, _seq_beyond(device, until), most + OTHERS)


def _seq_beyond(device: Device, until: datetime) -> int | None:
    """A seq behind all readings up to `until`; None where nothing is behind them."""
    stored_by = until + LATE
    if device.last_at is not None and device.last_at < stored_by:
        return None
    start = {device.feed: _seq_before(device, until)}
    found = store.oldest(start, after_id=ids.beginning(milliseconds(stored_by)))
    place = store.place_of(found[device.feed]) if found else None
    return place[1] + FEW if place else None


def _seq_before(device: Device, until: datetime) -> int:
    """A seq not long before `until`, from where on to look: of the last hour that has a reading."""
    hours = Summary.objects.filter(device=device, span=HOUR, start__lte=until - timedelta(hours=1))
    seqs = hours.order_by("-start").values_list("lowest_seq", "highest_seq").first()
    return max((seq for seq in seqs or () if seq is not None), default=0)
