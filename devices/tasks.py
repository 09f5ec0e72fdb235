"""What devices have done periodically, by Celery's beat, embedded or in workers."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from chat.handlers import attend_neglected
from chat.models import Account
from chatproject.attempts import Attempts
from chatproject.often import often
from chatproject.slots import once_per_slot
from devices import silence, summaries, ticks
from devices.digest import digest
from devices.ids import THERMOMETER
from devices.models import Answer, Device
from devices.restarting import follow_interval
from devices.visibility import present

LONGEST_PAUSE = timedelta(seconds=2)
TICKS_PER_INTERVAL = 5
"""So that a reading is late by a fifth of its interval at the most."""
PAUSE = min(LONGEST_PAUSE, timedelta(seconds=settings.THERMOMETER_INTERVAL) / TICKS_PER_INTERVAL)
ATTEND_EVERY = timedelta(seconds=5)
HOUR = timedelta(hours=1)
ANSWERS_KEPT = timedelta(days=2)
"""Longer than a command may wait to be answered."""

_begun: datetime | None = None
"""When this process began to look after devices."""
_of_each = Attempts()


@often(PAUSE)
def tick() -> None:
    """Have simulated devices report, take in what nobody did, miss those that are silent."""
    global _begun
    now = timezone.now()  # what this itself takes, while a store stalls, is nobody's silence
    begun = _begun = _begun or now
    follow_interval(THERMOMETER, settings.THERMOMETER_INTERVAL, now)
    behind = ticks.undigested()
    devices = present(Device.objects.all())
    for device in devices:
        _of_each.do(f"The tick of {device.name}", partial(_attend, device, device.name in behind))
    for device in devices:  # as they were before; `tell` looks again
        if silence.is_missed(device, now, begun):
            tell = partial(silence.tell, device, now, begun)
            _of_each.do(f"The notice of the silence of {device.name}", tell)


def _attend(device: Device, behind: bool) -> None:
    slot = ticks.due_slot(device, timezone.now())
    if slot is not None:
        ticks.make(device, slot)
    elif behind:
        digest(device)


@often(ATTEND_EVERY)
def answer_neglected() -> None:
    """Commands whose process died before it had answered."""
    attend_neglected(Account.Kind.DEVICE.value)


@once_per_slot(HOUR)
def prune_summaries() -> None:
    summaries.prune()


@once_per_slot(HOUR)
def forget_answers() -> None:
    Answer.objects.filter(made_at__lt=timezone.now() - ANSWERS_KEPT).delete()
