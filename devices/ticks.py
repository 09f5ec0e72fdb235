"""The ticks of simulated devices: in each slot of an interval since the epoch, one reading.

Whose slot it is need not be claimed: its reading has an id of its own, and is stored once, however
many make it, and whoever dies. Only the present slot's is made; a missed one is not made up for.
"""

from datetime import datetime

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from chat.models import Conversation
from chat.protocol import Conflict
from chat.store import store
from devices.ids import FEED, feed_of, slot_id
from devices.models import Device
from devices.readings import Reading, report
from devices.simulation import slot_of, slot_start, value


def due_slot(device: Device, now: datetime) -> int | None:
    """The present slot, if its reading is still to be made; None for what is not simulated."""
    if not (device.simulated and device.enabled):
        return None
    slot = slot_of(now, device.epoch, device.interval)
    return slot if slot > device.reported_slot and slot >= 0 else None


def make(device: Device, slot: int) -> None:
    """Report the reading of a slot. Raises Unavailable, and what else the store refuses it for."""
    at = slot_start(slot, device.epoch, device.interval)
    measured = value(device.seed, device.epoch, at, device.lowest, device.highest)
    (outcome,) = report(device, [(Reading(measured, at), slot_id(device.epoch, slot))])
    if outcome.error and not isinstance(outcome.error, Conflict):  # which says: it has one
        raise outcome.error
    same_life = Device.objects.filter(pk=device.pk, epoch=device.epoch)
    same_life.filter(reported_slot__lt=slot).update(reported_slot=slot)


def undigested() -> set[str]:
    """The devices with messages that nobody has taken in: who stored them died, or is about to.

    Those whose feeds are shorter than what was taken in of them are made to fit.
    """
    feeds = Conversation.objects.filter(pk=Concat(Value(FEED), OuterRef("account_id")))
    devices = Device.objects.annotate(feed_seq=Subquery(feeds.values("last_seq")))
    taken_in = F("digested_seq")
    apart = devices.filter(Q(feed_seq__gt=taken_in) | Q(feed_seq__lt=taken_in))
    found = set()
    for name, digested_seq, feed_seq in apart.values_list("pk", "digested_seq", "feed_seq"):
        if feed_seq > digested_seq:
            found.add(name)
        else:
            _forget_what_is_gone(name, digested_seq)
    return found


def _forget_what_is_gone(name: str, digested_seq: int) -> None:
    """After a restore of older messages: else as many readings to come would be passed over."""
    feed = feed_of(name)
    last = store.last_seqs([feed])[feed]
    if last < digested_seq:
        Device.objects.filter(pk=name, digested_seq=digested_seq).update(digested_seq=last)
