"""Takes what is new in a device's feed in: summaries, alerts, the last reading.

Each reading is counted exactly once, whatever dies. First alerts and notices are posted, under
ids that have them stored once; then one transaction writes all that is kept in `default`, and
moves `digested_seq`, if nobody else has moved it since. Who dies before it leaves all of it to
the next; who comes second writes nothing, and goes on from where the first has come to.
"""

import logging
from collections.abc import Mapping, Sequence

from django.db import transaction

from chat.posting import Draft
from chat.protocol import Unavailable
from chat.rooms.guests import say
from chat.spans import span
from chat.store import store
from devices import alerts, summaries, thresholds
from devices.course import Course, Last, Return
from devices.freshness import patience_with
from devices.models import Device
from devices.notices import BACK, notice

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Messages read in one step."""


def digest(device: Device) -> None:
    """Take in all that is stored in the feed. For any thread but the event loop's.

    `device` itself is left as it is. Raises Unavailable where alerts can't be stored, and then
    takes no more in: do it again.
    """
    while _digest_some(device.name):
        pass


def _digest_some(name: str) -> bool:
    """Whether there may be more."""
    device = Device.objects.select_related("account").filter(pk=name).first()
    messages = store.after(device.feed, device.digested_seq, AT_ONCE) if device else []
    if device is None or not messages:
        return False
    course = Course(_last(device), device.silent_since, patience_with(device))
    course.take(messages)
    told = alerts.evaluate(device, course.news)
    if _has_moved(device):  # then the thresholds may be as they are after it
        return True
    _tell(told.drafts + [_back(device, found) for found in course.returns])
    moved = _save(device, messages[-1].seq, course, told.changes)
    if moved:
        _log_unusable(device, course.unusable)
    return not moved or len(messages) == AT_ONCE


def _has_moved(device: Device) -> bool:
    """Whether somebody else has taken messages in since `device` was read."""
    return not Device.objects.filter(pk=device.pk, digested_seq=device.digested_seq).exists()


def _log_unusable(device: Device, unusable: Mapping[str, int]) -> None:
    for kind, count in unusable.items():
        log.error("%d of the readings of %s were passed over: %s", count, device.name, kind)


def _last(device: Device) -> Last | None:
    if device.last_seq is None or device.last_value is None or device.last_at is None:
        return None
    return Last(device.last_seq, device.last_value, device.last_at)


def _back(device: Device, found: Return) -> Draft:
    silent = span(found.reading.at - found.since)
    body = f"{device.account.shown_title} is back after {silent}."
    return notice(device, BACK, f"back:{found.reading.seq}", body)


def _tell(drafts: Sequence[Draft]) -> None:
    for outcome in say(drafts):
        if isinstance(outcome.error, Unavailable):
            raise outcome.error  # others say that it can't be told, or is told already


def _save(device: Device, seq: int, course: Course, changes: Sequence[thresholds.Change]) -> bool:
    """Whether it was this one who took the messages up to `seq` in."""
    last = course.last._asdict() if course.last else {}
    with transaction.atomic():
        # first, since it makes others wait who do the same
        moved = Device.objects.filter(pk=device.pk, digested_seq=device.digested_seq).update(
            digested_seq=seq,
            silent_since=course.silent_since,
            **{f"last_{name}": value for name, value in last.items()},
        )
        if moved:
            summaries.add(device, course.readings)
            thresholds.save(changes)
    return bool(moved)
