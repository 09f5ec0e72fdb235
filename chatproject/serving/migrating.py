"""One migration at a time, wherever it was started: Django's own has no lock."""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from chatproject.serving import apart
from chatproject.serving.refusing import refusing

NAME = "migrate.lock"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits for another migration to end; who waited finds its work done.

    The lock is PostgreSQL's where `default` is there, for all machines; else the data folder's.
    """
    if not apart.is_postgres(DEFAULT_DB_ALIAS):
        with (settings.DATA_DIR / NAME).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with closing(apart.connection_apart(DEFAULT_DB_ALIAS)) as connection:
        with refusing(DEFAULT_DB_ALIAS):
            apart.wait_for_lock(connection, apart.MIGRATING)
        yield
