"""One embedded server for one PostgreSQL database, or many that share it, on any machine: as
lock.py for a folder."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError
from django.db.backends.base.base import BaseDatabaseWrapper

from chatproject.serving import apart
from chatproject.serving.refusing import named, refusing

LOOK_EVERY = 5.0
"""Seconds between two looks whether the lock's connection lives."""
STOP_AFTER = 12
"""Looks in a row that found another server's lock. PostgreSQL takes 25 s to see that a connection
has died, and until then it is our own old one that may have it."""
log = logging.getLogger(__name__)


@contextmanager
def held(shared: bool = False) -> Iterator[None]:
    """Holds the database for this process, or together with others, where it is PostgreSQL.

    The lock lives on a connection of its own. If that breaks, it is taken again; a server that
    lost it to another one stops. Raises CommandError where another server has it.
    """
    if not apart.is_postgres(DEFAULT_DB_ALIAS):
        yield
        return
    connection, over = apart.connection_apart(DEFAULT_DB_ALIAS), threading.Event()
    _take(connection, shared)
    keeper = threading.Thread(
        target=_keep, args=(connection, shared, over), name="lock", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(LOOK_EVERY)
        _close(connection)


def _take(connection: BaseDatabaseWrapper, shared: bool) -> None:
    with refusing(DEFAULT_DB_ALIAS):
        taken = apart.try_lock(connection, apart.SERVING, shared)
    if not taken:
        _close(connection)
        raise CommandError(
            f"{named(DEFAULT_DB_ALIAS)} is used by another server; stop it first, or set REDIS_URL"
            " for both, by which they hear of each other."
        )


def _keep(connection: BaseDatabaseWrapper, shared: bool, over: threading.Event) -> None:
    lost = 0
    while not over.wait(LOOK_EVERY):
        try:
            lost = 0 if _has_it(connection, shared) else lost + 1
        except (DatabaseError, InterfaceError):
            _close(connection)  # the next look makes a new one
        if lost == STOP_AFTER:
            log.error("Another server has taken this one's database meanwhile; this one stops.")
            os.kill(os.getpid(), signal.SIGTERM)


def _has_it(connection: BaseDatabaseWrapper, shared: bool) -> bool:
    if connection.connection is None and not apart.try_lock(connection, apart.SERVING, shared):
        connection.close()
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _close(connection: BaseDatabaseWrapper) -> None:
    with suppress(DatabaseError, InterfaceError):
        connection.close()
