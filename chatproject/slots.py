"""Periodic work that is done once per slot of time, however many beats and workers there are.

Time is cut into slots of equal length. Who wants to do a slot's work claims the slot, by inserting
a row that the database admits once, and goes on only if that was its own. So beat may fire twice,
a broker may deliver twice, and clocks may differ: the work is done at most once.

At most: who dies after the claim leaves the slot claimed and its work undone; the next slot is
done again. What must not be lost is not in a slot's work alone: whoever needs it finds it again
from the database, and does it by inserts that may be repeated. A slot in which no beat or no
worker ran is skipped, and not made up for.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from celery import Task
from django.db import connection
from django.utils import timezone

from chatproject.celery import app
from chatproject.models import Claim

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REMEMBERED = timedelta(days=30)
"""How long a claim is kept; no slot may be longer."""
TRIES_PER_SLOT = 10
"""How often beat fires in a slot, so that a late tick of its own skips none …"""
LONGEST_PAUSE = timedelta(minutes=1)
"""… and how long it waits at the most, so that a long slot's work is not late for long."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""By less than this. A task that waited for a worker for longer is thrown away by its expiry:
beat has fired anew since."""
INSERT = """
INSERT INTO chatproject_claim (task, slot, claimed_at) VALUES (%s, %s, %s)
ON CONFLICT (task, slot) DO NOTHING
"""


def slot_of(moment: datetime, every: timedelta, epoch: datetime = EPOCH) -> int:
    """The number of the slot that `moment` lies in; `epoch` begins slot 0. Both are aware."""
    return (moment - epoch) // every


def claim(task: str, slot: int) -> bool:
    """Whether the slot is the caller's, and nobody else's, to do.

    Inside a transaction the claim holds only if that commits; another's `claim` waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT, [task, slot, connection.ops.adapt_datetimefield_value(timezone.now())]
        )
        return cursor.rowcount == 1


def forget_old_claims() -> None:
    Claim.objects.filter(claimed_at__lt=timezone.now() - REMEMBERED).delete()


def once_per_slot(every: timedelta) -> Callable[[Callable[[], None]], Task]:
    """Makes the function a task that beat fires, and that works once in each slot of `every`."""
    if not timedelta() < every <= REMEMBERED:
        raise ValueError(f"A slot is up to {REMEMBERED} long, not {every}.")

    def declare(work: Callable[[], None]) -> Task:
        @app.task(name=f"{work.__module__}.{work.__name__}")
        @wraps(work)
        def task() -> None:
            if claim(task.name, slot_of(timezone.now(), every)):
                work()

        _let_beat_fire(task, min(every / TRIES_PER_SLOT, LONGEST_PAUSE))
        return task

    return declare


def _let_beat_fire(task: Task, pause: timedelta) -> None:
    expires = (pause + CLOCKS_DIFFER).total_seconds()
    app.add_periodic_task(pause, task.signature(), name=task.name, expires=expires)
