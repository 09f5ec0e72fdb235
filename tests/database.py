"""Django's ORM on the database files of a running server, from the test's own process."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from django.core.management import call_command
from django.db import connections
from django.db.utils import load_backend

from tests.settings import DATABASE_FILES

T = TypeVar("T")


class Blocker(Protocol):
    """pytest-django's `django_db_blocker`."""

    def unblock(self) -> AbstractContextManager[None]: ...


class Database:
    """The two databases in `data_dir`. Tests that use pytest-django's `db` are not touched:
    their connections are put aside while these are open, and come back afterwards."""

    def __init__(self, data_dir: Path, blocker: Blocker) -> None:
        self._files = {alias: data_dir / name for alias, name in DATABASE_FILES.items()}
        self._blocker = blocker

    def file(self, alias: str) -> Path:
        return self._files[alias]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Point the ORM, in this thread, at the server's files."""
        with self._blocker.unblock():
            aside = {alias: connections[alias] for alias in self._files}
            try:
                for alias, path in self._files.items():
                    connections[alias] = _wrapper(aside[alias].settings_dict, alias, path)
                yield
            finally:
                for alias, connection in aside.items():
                    connections[alias].close()
                    connections[alias] = connection

    def migrate(self) -> None:
        with self.open():
            for alias in self._files:
                call_command("migrate", database=alias, verbosity=0)

    def call(self, work: Callable[[], T]) -> T:
        """`work()` with the ORM open, in a thread: from async tests too, for short work."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._call, work).result()

    def _call(self, work: Callable[[], T]) -> T:
        with self.open():
            return work()

    async def run(self, work: Callable[[], T]) -> T:
        """The same while the event loop goes on."""
        return await asyncio.to_thread(self._call, work)


def _wrapper(original: dict, alias: str, path: Path):
    backend = load_backend(original["ENGINE"])
    return backend.DatabaseWrapper({**original, "NAME": str(path)}, alias)
