"""The ticks of simulated devices: in each slot of an interval since the epoch, one reading.

Whose slot it is need not be claimed: its reading has an id of its own, and is stored once, however
many make it, and whoever dies. Only the present slot's is made; a missed one is not made up for.
"""

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from chat.models import Conversation
from chat.protocol import Conflict
from chat.store import store
from devices.ids import FEED, slot_id
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
    """The devices with messages that nobody has taken in: who stored them died, or is about to."""
    return set(_with_feeds().filter(feed_seq__gt=F("digested_seq")).values_list("pk", flat=True))


def forget_what_is_gone() -> None:
    """After a restore of older messages: what was taken in of later ones is not there any more.

    Else as many readings to come would be passed over.
    """
    for device in _with_feeds().filter(feed_seq__lt=F("digested_seq")):
        last = store.last_seqs([device.feed])[device.feed]
        if last < device.digested_seq:
            same = Device.objects.filter(pk=device.pk, digested_seq=device.digested_seq)
            same.update(digested_seq=last)


def _with_feeds() -> QuerySet[Any]:
    """Devices with `feed_seq`, how far their feeds have come."""
    feeds = Conversation.objects.filter(pk=Concat(Value(FEED), OuterRef("account_id")))
    return Device.objects.annotate(feed_seq=Subquery(feeds.values("last_seq")))
