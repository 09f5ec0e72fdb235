"""All that stands around a web server while it serves: data folder, databases, background work."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.conf import settings

from chat import running
from chatproject import lease
from chatproject.serving import database_lock, lock, schema


def hosting(say: Callable[[str], Any]) -> AbstractContextManager[None]:
    """What a server needs is there inside the `with`.

    `say` is given a line where something takes a while. Raises CommandError with one line.
    """
    running.expect()
    return _embedded(say) if settings.EMBEDDED else _distributed()


@contextmanager
def _embedded(say: Callable[[str], Any]) -> Iterator[None]:
    """Folder and database are ours alone; the databases are up to date; Celery runs inside."""
    with lock.held(settings.DATA_DIR), database_lock.held():
        schema.bring_up_to_date(say)
        lease.forget_all()
        with _background():
            yield


@contextmanager
def _distributed() -> Iterator[None]:
    """One of many, which hear of each other by Redis; workers and beat are processes of their own.

    The databases are brought up to date once, before; not by whichever server comes first, while
    others of the earlier version still run.
    """
    with lock.shared(settings.DATA_DIR), database_lock.held(shared=True):
        schema.require_up_to_date()
        yield


@contextmanager
def _background() -> Iterator[None]:
    from chatproject import beside_worker
    from chatproject.celery import app
    from chatproject.serving.background import worker_and_beat
    from chatproject.tasks import purge_expired_sessions

    with worker_and_beat(app), beside_worker.running():
        purge_expired_sessions.delay()  # a server that never runs for a minute purges too
        yield
