"""Django's ORM on the databases of a running installation, from the test's own process."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler

from chatproject import engines
from tests.settings import DATABASE_FILES

T = TypeVar("T")


class Blocker(Protocol):
    """pytest-django's `django_db_blocker`."""

    def unblock(self) -> AbstractContextManager[None]: ...


class Database:
    """Both databases of an installation. Tests that use pytest-django's `db` are not touched:
    their connections are put aside while these are open, and come back afterwards."""

    def __init__(
        self, data_dir: Path, blocker: Blocker, database_url: str = "", mongo_url: str = ""
    ) -> None:
        """The files in `data_dir`, or what DATABASE_URL and MONGO_URL would name in their place."""
        self._files = {alias: data_dir / name for alias, name in DATABASE_FILES.items()}
        databases = {alias: engines.sqlite(file) for alias, file in self._files.items()}
        if database_url:
            default = _postgres(database_url)
            databases = {"default": default, "messages": engines.for_messages(default)}
        if mongo_url:
            databases["messages"] = engines.mongo("MONGO_URL", mongo_url)
        self._handler = ConnectionHandler(databases)
        self._blocker = blocker

    def file(self, alias: str) -> Path:
        return self._files[alias]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Point the ORM, in this thread, at these databases."""
        with self._blocker.unblock():
            aside = {alias: connections[alias] for alias in self._files}
            try:
                for alias in self._files:
                    connections[alias] = self._handler.create_connection(alias)
                yield
            finally:
                for alias, connection in aside.items():
                    connections[alias].close()
                    connections[alias] = connection

    def migrate(self, *aliases: str) -> None:
        """These, or both."""

        def migrate() -> None:
            for alias in aliases or self._files:
                call_command("migrate", database=alias, verbosity=0)

        self.call(migrate)

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


def _postgres(url: str) -> dict[str, Any]:
    """Without the pool, which Django would share among all databases of the same alias."""
    found = engines.postgres("DATABASE_URL", url)
    found["OPTIONS"].pop("pool")
    return found


def put_back() -> None:
    """What migrations had put into pytest-django's test databases, before they were emptied."""
    for connection in connections.all():
        contents = getattr(
            connection, "_test_serialized_contents", ""
        )  # Django's own, of when made
        if contents:
            connection.creation.deserialize_db_from_string(contents)
