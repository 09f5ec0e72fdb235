"""One process and its children, as a container holds them: started, frozen and killed together."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.services import family
from tests.services.log import Log

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
START_SECONDS = 60
STOP_SECONDS = 30
INTERVAL = 0.02
PROJECT = Path(__file__).resolve().parent.parent.parent
_prctl = ctypes.CDLL(None, use_errno=True).prctl
_forker = ThreadPoolExecutor(1)
"""Starts all processes: the signal at the parent's end comes, in fact, at that of the thread which
forked, and the threads of an event loop end with their test."""


class Process:
    """A program in the foreground: one process at a time, which dies with the tests.

    `options` go to Popen; all of the program's lives write to one log, which others may share.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        log: Log | None = None,
        **options: Any,
    ) -> None:
        self.command = list(command)
        self.log = Log() if log is None else log
        self.environment = dict(environment or {})
        """Goes over the tests' own."""
        self.before_exec: Callable[[], None] | None = None
        """Runs in the child, after the fork."""
        self._options = options
        self._popen: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start, without waiting for anything."""
        assert not self.is_running, f"{self.command[0]} runs already"
        self._popen = _forker.submit(self._fork).result()

    def _fork(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self.log.file,
            stderr=subprocess.STDOUT,
            preexec_fn=self._prepare,
            **{"cwd": PROJECT, **self._options},
        )

    def _prepare(self) -> None:
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if self.before_exec is not None:
            self.before_exec()

    def await_ready(self, is_ready: Callable[[], object]) -> None:
        """Return once `is_ready()`; fails, with the log, where the process ends before."""
        end = time.monotonic() + START_SECONDS
        while not is_ready():
            if not self.is_running or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"{' '.join(self.command)} did not start:\n{self.log}")
            time.sleep(INTERVAL)

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def popen(self) -> subprocess.Popen[bytes]:
        """The present life, or the last."""
        assert self._popen is not None, f"{self.command[0]} was not started"
        return self._popen

    # ---- how it may end or pause ---------------------------------------------------------------

    def terminate(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask for an orderly end and wait for it; gives the exit code."""
        self.popen.send_signal(by)
        return self.popen.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End it and its children without any warning (SIGKILL), as a power cut would."""
        if self._popen is not None:
            frozen = self.freeze()  # a parent that still ran would start new children
            family.send(signal.SIGKILL, frozen)
            self._popen.wait(STOP_SECONDS)
            family.await_end(frozen, STOP_SECONDS)

    def freeze(self) -> list[int]:
        """Stop it and its children where they are (SIGSTOP); gives their pids."""
        frozen: list[int] = []
        while new := [pid for pid in self._pids() if pid not in frozen]:
            family.send(signal.SIGSTOP, new)
            family.await_stop(new, STOP_SECONDS)
            frozen += new
        return frozen

    def thaw(self) -> None:
        family.send(signal.SIGCONT, self._pids())

    def _pids(self) -> list[int]:
        return family.of(self.popen.pid) if self.is_running else []
