"""The threads in which Celery's workers run tasks, embedded and in processes of their own alike.

Threads, not processes: what the tasks do is wait, for databases and for other people's servers.
Threads share one set of database connections and the memory of one program, and nothing has to
outlive a fork. More at once than one interpreter can do is more worker processes.

Daemon threads: Celery's own `threads` pool is joined at exit, where a task of 30 s made the exit
take 30 s.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from billiard.einfo import ExceptionInfo
from celery.concurrency.base import BasePool, apply_target

TASKS_MAY_FINISH_WITHIN = 7.0
"""Seconds, when a worker stops. What runs for longer is cut off, and what has not begun is left:
the broker gives both to another worker."""
log = logging.getLogger(__name__)


class DaemonThreadPool(BasePool):
    body_can_be_buffer = True
    signal_safe = False

    def on_start(self) -> None:
        self.jobs: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self.stopping = False
        self.threads = [self.thread(number) for number in range(self.limit)]
        for thread in self.threads:
            thread.start()

    def thread(self, number: int) -> threading.Thread:
        return threading.Thread(target=self.work, name=f"celery-task-{number}", daemon=True)

    def work(self) -> None:
        while not self.stopping:
            job = self.jobs.get()
            if not self.stopping:
                job()

    def on_stop(self) -> None:
        self.stopping = True
        for _ in self.threads:
            self.jobs.put(bool)  # a job that does nothing wakes a thread
        last = time.monotonic() + TASKS_MAY_FINISH_WITHIN
        for thread in self.threads:
            thread.join(max(0.0, last - time.monotonic()))

    def on_apply(
        self,
        target: Callable[..., Any],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        callback: Callable[..., None] | None = None,
        accept_callback: Callable[..., None] | None = None,
        error_callback: Callable[[ExceptionInfo], None] | None = None,
        **_: Any,
    ) -> None:
        def job() -> None:
            try:
                apply_target(target, args, kwargs, callback, accept_callback)
            except BaseException:  # such as a task's SystemExit: it must not cost us the thread
                log.exception("A task escaped Celery's tracer")
                _give_up(error_callback)

        self.jobs.put(job)


def _give_up(error_callback: Callable[[ExceptionInfo], None] | None) -> None:
    """The broker would otherwise wait for this task, and give the worker one less of the others."""
    with suppress(Exception):
        if error_callback:
            error_callback(ExceptionInfo())
