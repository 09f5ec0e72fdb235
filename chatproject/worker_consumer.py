"""Celery's consumer, except that it outlives its broker also while it holds tasks.

Celery closes a lost connection twice. If tasks are held, the first time (kombu 5.7) gives up where
it cannot put them back, and leaves the connection half closed, so that the second time fails with
an AttributeError that ends the worker. They are not lost: the broker gives them to another worker
when their time is up (TAKEN_UP_AGAIN_AFTER in broker.py).
"""

import logging
from typing import Any

from celery.worker.consumer import Consumer

log = logging.getLogger(__name__)


class LastingConsumer(Consumer):
    def on_connection_error_after_connected(self, exc: Any) -> None:
        try:
            super().on_connection_error_after_connected(exc)
        except Exception as error:
            log.info("Closing the lost connection to the broker failed: %r", error)
