"""A real Celery worker and beat as threads of the serving process, where no broker is set up.

They are Celery's own `WorkController` and `EmbeddedService`, on the `memory://` broker, so tasks
and schedule run unchanged as processes of their own once there is a broker. What is queued when
the process ends is gone: work that must not be lost has to be found again from the database.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.concurrency.base import BasePool, apply_target
from celery.worker import WorkController, state

CONCURRENCY = 2
IN_MEMORY = "celery.beat:Scheduler"  # Celery's default scheduler keeps a file beside the program
log = logging.getLogger(__name__)


class DaemonThreadPool(BasePool):
    """Runs tasks in daemon threads, so that a running one never holds up the process's exit.

    Celery's own `threads` pool is joined at exit: a task of 30 s made the exit take 30 s.
    """

    body_can_be_buffer = True
    signal_safe = False

    def on_start(self) -> None:
        self.jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        for number in range(self.limit):
            name = f"celery-task-{number}"
            threading.Thread(target=self.work, name=name, daemon=True).start()

    def work(self) -> None:
        while (job := self.jobs.get()) is not None:
            try:
                job()
            except BaseException:  # such as a task's SystemExit: it must not cost us the thread
                log.exception("A task escaped Celery's tracer")

    def on_stop(self) -> None:
        for _ in range(self.limit):
            self.jobs.put(None)

    def on_apply(
        self,
        target: Callable[..., Any],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        callback: Callable[..., None] | None = None,
        accept_callback: Callable[..., None] | None = None,
        **_: Any,
    ) -> None:
        self.jobs.put(lambda: apply_target(target, args, kwargs, callback, accept_callback))


@contextmanager
def worker_and_beat(app: Celery) -> Iterator[None]:
    """Worker and beat run inside the `with`; at its end they are told to stop, not waited for."""
    worker, beat = _worker(app), EmbeddedService(app, thread=True, scheduler_cls=IN_MEMORY)
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
        pool=f"{__name__}:{DaemonThreadPool.__name__}",
        concurrency=CONCURRENCY,
        hostname="embedded@localhost",
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
