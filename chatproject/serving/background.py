"""A real Celery worker and beat as threads of the serving process, where no broker is set up.

They are Celery's own `WorkController` and `EmbeddedService`, on the `memory://` broker, so tasks
and schedule run unchanged as processes of their own once there is a broker. What is queued when
the process ends is gone: work that must not be lost has to be found again from the database.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController, state

CONCURRENCY = 2


@contextmanager
def worker_and_beat(app: Celery) -> Iterator[None]:
    """Worker and beat run inside the `with`; at its end they are told to stop, not waited for."""
    worker, beat = (
        _worker(app),
        EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler),
    )
    threading.Thread(target=worker.start, name="celery-worker", daemon=True).start()
    beat.start()
    try:
        yield
    finally:
        beat.service.stop()
        state.should_stop = 0  # Celery's sign to its worker loop: stop, with exit code 0


def _worker(app: Celery) -> WorkController:
    # the server runs Django's checks itself, where the reloader can show what fails and go on
    os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
    state.should_stop = None
    return app.WorkController(
        concurrency=CONCURRENCY,
        hostname="embedded@localhost",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
