"""Counts how often a store asks its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from django.test.utils import CaptureQueriesContext
from pymongo import monitoring

from tests.chat.store.engines import Engine


class Trips(monitoring.CommandListener):
    """Of MongoDB's clients: each thread's commands, by their names."""

    def __init__(self) -> None:
        self.names: dict[int, list[str]] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.names.setdefault(get_ident(), []).append(event.command_name)

    def succeeded(self, event: Any) -> None:
        """Of no interest."""

    failed = succeeded


_trips = Trips()
monitoring.register(_trips)  # for clients made from now on


@contextmanager
def counted(engine: Engine) -> Iterator[list[Any]]:
    """A list of what was asked meanwhile by this thread, filled at the end."""
    asked: list[Any] = []
    if engine.is_mongo:
        _trips.names[get_ident()] = asked
        yield asked
        del _trips.names[get_ident()]
        return
    with CaptureQueriesContext(engine.connection) as captured:
        yield asked
    asked += captured.captured_queries
