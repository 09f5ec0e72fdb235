"""All that stands around a web server while it serves: data folder, databases, background work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from chatproject.serving import lock, schema


@contextmanager
def hosting(say: Callable[[str], Any]) -> Iterator[None]:
    """The folder is ours, the databases are up to date and Celery runs, inside the `with`.

    `say` is given a line where something takes a while. Raises CommandError with one line.
    """
    with lock.held(settings.DATA_DIR):
        schema.bring_up_to_date(say)
        with _background():
            yield


@contextmanager
def _background() -> Iterator[None]:
    from chatproject.celery import app
    from chatproject.serving.background import worker_and_beat
    from chatproject.tasks import purge_expired_sessions

    with worker_and_beat(app):
        purge_expired_sessions.delay()  # a server that never runs for an hour purges too
        yield
