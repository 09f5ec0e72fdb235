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
    """A program in the foreground: one process at a time, always with the same command and log."""

    def __init__(
        self,
        command: Sequence[str],
        log_file: Path,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        """`environment` goes over the tests' own; `options` go to Popen."""
        self.command = list(command)
        self.environment = dict(environment or {})
        self.before_exec: Callable[[], None] | None = None
        """Runs in the child, after the fork."""
        self._options = options
        self._log_file = log_file
        self._popen: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Start, without waiting for anything. It dies with this process, however that ends."""
        assert not self.is_running, f"{self.command[0]} runs already"
        self._popen = _forker.submit(self._fork).result()

    def _fork(self) -> subprocess.Popen[bytes]:
        with self._log_file.open("ab") as log:
            return subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
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
    def pid(self) -> int:
        assert self._popen is not None, f"{self.command[0]} was not started"
        return self._popen.pid

    @property
    def log(self) -> str:
        """All that it wrote to stdout and stderr, over all its lives."""
        return self._log_file.read_text(errors="replace") if self._log_file.exists() else ""

    # ---- how it may end or pause ---------------------------------------------------------------

    def terminate(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask for an orderly end and wait for it; gives the exit code."""
        assert self._popen is not None, f"{self.command[0]} was not started"
        self._popen.send_signal(by)
        return self._popen.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End it and its children without any warning (SIGKILL), as a power cut would."""
        if self._popen is None:
            return
        family = self.freeze()  # a parent that still ran would start new children
        for pid in family:
            _signal(pid, signal.SIGKILL)
        self._popen.wait(STOP_SECONDS)
        _await_ends(family)

    def freeze(self) -> list[int]:
        """Stop it and its children where they are (SIGSTOP); gives their pids."""
        family: list[int] = []
        while new := [pid for pid in self._family() if pid not in family]:
            for pid in new:
                _signal(pid, signal.SIGSTOP)
            family += new
        return family

    def thaw(self) -> None:
        for pid in self._family():
            _signal(pid, signal.SIGCONT)

    def _family(self) -> list[int]:
        """The process, its children, their children … as far as they live."""
        found = [self.pid] if self.is_running else []
        for pid in found:
            found += _children(pid)
        return found


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _await_ends(pids: list[int]) -> None:
    end = time.monotonic() + STOP_SECONDS
    while any(_lives(pid) for pid in pids):
        assert time.monotonic() < end, f"still there after SIGKILL: {pids}"
        time.sleep(INTERVAL)


def _lives(pid: int) -> bool:
    """A zombie, which nobody has waited for yet, holds no port and no memory."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
