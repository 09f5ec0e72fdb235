"""What lives beside Celery's tasks in a worker, embedded or not, in threads of its own.

The bridge to the MQTT broker, the answers that bots are giving, and the index for searching.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.utils.module_loading import import_string

PATHS = ("devices.mqtt.hosting.host", "bots.engine.engine", "chat.search.hosting.host")


class Host(Protocol):
    def start(self) -> None: ...

    def cancel(self) -> None:
        """Tell it to stop; from any thread, also in the handler of a signal."""

    def join(self) -> None:
        """Wait, not for long, until it has stopped."""


def _hosts() -> list[Host]:
    return [import_string(path) for path in PATHS]


def start() -> None:
    for host in _hosts():
        host.start()


def cancel() -> None:
    for host in _hosts():
        host.cancel()


def join() -> None:
    for host in _hosts():
        host.join()


@contextmanager
def running() -> Iterator[None]:
    start()
    try:
        yield
    finally:
        cancel()
        join()
