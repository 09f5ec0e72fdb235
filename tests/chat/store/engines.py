"""An engine under test: the databases that some environment names, and this process on them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core.management import call_command
from django.db import connections
from django.db.utils import ConnectionHandler

from bots.models import Bot
from chat import models
from chat.store import GeneralStore, store_on
from chat.threads import alongside
from chatproject import engines
from chatproject.databases import MESSAGES
from devices.models import Device
from tests.database import Blocker
from tests.server import ENVIRONMENT

EMPTIED = (
    models.Message,
    models.Membership,
    models.Conversation,
    models.Token,
    Bot,
    Device,
    models.Account,
)


class Engine:
    """Where messages are, in the environment's words; the rest is beside them, or in SQLite."""

    def __init__(self, name: str, folder: Path, blocker: Blocker, **urls: str) -> None:
        self.name = name
        self.environment = {**ENVIRONMENT, "DATA_DIR": str(folder), **urls}
        """For other processes on the same databases."""
        with patch.dict(os.environ, self.environment):
            databases = engines.databases(folder)
        for database in databases.values():
            database.get("OPTIONS", {}).pop("pool", None)  # Django has one for all of an alias
        self._settings = ConnectionHandler(databases).settings
        self._blocker = blocker

    def __repr__(self) -> str:
        return self.name

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """All threads of this process on these databases; afterwards, on what was before."""
        before, own = connections.settings, {alias: connections[alias] for alias in connections}
        with self._blocker.unblock():
            _connect(self._settings)
            try:
                yield
            finally:
                _connect(before)
        for alias, connection in own.items():
            connections[alias] = connection

    def migrate(self) -> None:
        with self.in_use():
            for alias in self._settings:
                call_command("migrate", database=alias, verbosity=0)

    def migrate_messages(self, target: str = "") -> None:
        """The chat's own migrations of this database alone, while it is in use."""
        words = ["chat", target] if target else []
        call_command("migrate", *words, database=MESSAGES, verbosity=0)

    def empty(self) -> None:
        for model in EMPTIED:
            model.objects.all().delete()

    @property
    def store(self) -> GeneralStore:
        """The one that the chat would take."""
        return store_on(self.connection.vendor)

    @property
    def connection(self) -> Any:
        return connections[MESSAGES]

    @property
    def is_mongo(self) -> bool:
        return self.connection.vendor not in ("sqlite", "postgresql")


def _connect(settings: dict[str, Any]) -> None:
    """Have this thread, the one beside the writer's, and all new ones use `settings`."""
    _disconnect()
    alongside(_disconnect).result()
    connections.settings = settings


def _disconnect() -> None:
    for alias in connections:
        if hasattr(connections._connections, alias):  # type: ignore[attr-defined]
            connections[alias].close()
            del connections[alias]
