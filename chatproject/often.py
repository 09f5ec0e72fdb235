"""Tasks that beat fires often: in each process one at a time, and what fails is tried again."""

import threading
from collections.abc import Callable
from datetime import timedelta

from celery import Task
from django.db import close_old_connections

from chatproject.attempts import Attempts
from chatproject.celery import app
from chatproject.slots import CLOCKS_DIFFER


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
