"""The Celery application: what is done later or on a schedule, apart from the message path."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
OVER_REDIS = "chatproject.redis_transport:LastingTransport"
IN_MEMORY = "chatproject.memory_transport:WakingTransport"
TRANSPORT_ALIASES.update(redis=OVER_REDIS, rediss=OVER_REDIS, memory=IN_MEMORY)

app = Celery("chatproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Somebody connected to this signal keeps Celery from setting up logging in its own way."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@signals.worker_ready.connect
def begin_beside(**_: Any) -> None:
    """(An embedded worker's is begun, and ended, by its server: serving/hosting.py.)"""
    from django.conf import settings

    from chatproject import beside_worker

    if not settings.EMBEDDED:
        beside_worker.start()


@signals.worker_shutdown.connect
def tell_the_last_news(**_: Any) -> None:
    """What this worker's tasks posted is stored; that others hear of it live takes a moment."""
    from chat import outpost
    from chatproject import beside_worker

    beside_worker.join()
    outpost.stop()


@signals.worker_shutting_down.connect
def stop_in_time(**_: Any) -> None:
    """A worker stops as a server does, in ten seconds at the most, also while Redis hangs."""
    from chatproject import beside_worker
    from chatproject.serving.deadline import set_for_this_stop

    set_for_this_stop()
    beside_worker.cancel()
