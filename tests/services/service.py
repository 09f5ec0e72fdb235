"""What the services have in common: a program that listens on one port and keeps one folder."""

import shutil
import signal
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.services.ports import free_port
from tests.services.process import Process


class Service(ABC):
    """A server on a free port, with a folder of its own, until `close()`.

    It may be killed, stopped, frozen and started again: port and data stay.
    """

    stop_signal = signal.SIGTERM

    def __init__(self, environment: Mapping[str, str] | None = None, **options: Any) -> None:
        """`environment` and `options` as Process takes them."""
        name = type(self).__name__.lower()
        self.folder = Path(tempfile.mkdtemp(prefix=f"p2p-chat-{name}-"))
        self.port = free_port()
        self._prepare()
        self.process = Process(self.command(), environment, cwd=self.folder, **options)

    def _prepare(self) -> None:  # noqa: B027  # most need nothing
        """Make what the program needs in the folder before its first start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program in the foreground, listening on `self.port`."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers, in its own protocol."""

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    def log(self) -> str:
        return str(self.process.log)

    def start(self) -> None:
        """Start, and return once it answers."""
        self.process.launch()
        self.process.await_ready(self.is_ready)

    def stop(self) -> None:
        """An orderly end."""
        self.process.terminate(self.stop_signal)

    def kill(self) -> None:
        """SIGKILL, to its children too."""
        self.process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections stay, and nothing answers, until `thaw()`."""
        self.process.freeze()

    def thaw(self) -> None:
        self.process.thaw()

    def close(self) -> None:
        """The end: nobody wants the data any more."""
        self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
