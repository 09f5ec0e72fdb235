"""What devices have done periodically, by Celery's beat, embedded or in workers."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from celery import Task
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from chat.handlers import attend_neglected
from chat.models import Account
from chatproject.celery import app
from chatproject.slots import CLOCKS_DIFFER, once_per_slot
from devices import silence, summaries, ticks
from devices.attempts import Attempts
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


def often(pause: timedelta) -> Callable[[Callable[[], None]], Task]:
    """Makes the function a task that beat fires every `pause`: in each process one at a time.

    Unlike a slot's work it may be done by several processes at once, and must bear that.
    """

    def declare(work: Callable[[], None]) -> Task:
        name = f"{work.__module__}.{work.__name__}"
        under_way, attempts = threading.Lock(), Attempts()

        @app.task(name=name)
        def task() -> None:
            if under_way.acquire(blocking=False):
                try:
                    attempts.do(name, work)
                finally:
                    close_old_connections()  # a broken one would fail for ever
                    under_way.release()

        expires = (pause + CLOCKS_DIFFER).total_seconds()
        app.add_periodic_task(pause, task.signature(), name=name, expires=expires)
        return task

    return declare


@often(PAUSE)
def tick() -> None:
    """Have simulated devices report, take in what nobody did, miss those that are silent."""
    global _begun
    begun = _begun = _begun or timezone.now()
    follow_interval(THERMOMETER, settings.THERMOMETER_INTERVAL, timezone.now())
    behind = ticks.undigested()
    devices = present(Device.objects.all())
    for device in devices:
        _of_each.do(f"The tick of {device.name}", partial(_attend, device, device.name in behind))
    for device in devices:  # as they were before; `tell` looks again
        if silence.is_missed(device, now := timezone.now(), begun):
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
