"""A process, its children, their children … as Linux tells of them in /proc."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

INTERVAL = 0.01


def of(pid: int) -> list[int]:
    """The process's own pid, and those of all that descend from it."""
    found = [pid]
    for parent in found:
        found += _children(parent)
    return found


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def send(number: signal.Signals, pids: Iterable[int]) -> None:
    """To those that are still there."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def await_end(pids: Iterable[int], within: float) -> None:
    """Return once none of them lives; fails after `within` seconds."""
    end = time.monotonic() + within
    while left := [pid for pid in pids if _lives(pid)]:
        assert time.monotonic() < end, f"still there after {within} s: {left}"
        time.sleep(INTERVAL)


def await_stop(pids: Iterable[int], within: float) -> None:
    """Return once all threads of all of them stand still: SIGSTOP only asks for it."""
    end = time.monotonic() + within
    while left := [pid for pid in pids if set(_states(pid)) - set("TtZX")]:
        assert time.monotonic() < end, f"still going after {within} s: {left}"
        time.sleep(INTERVAL)


def _states(pid: int) -> list[str]:
    """What each thread is at, a letter each (proc(5))."""
    try:
        return [_state(task / "stat") for task in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _state(stat: Path) -> str:
    return stat.read_text().rpartition(")")[2].split()[0]


def _lives(pid: int) -> bool:
    """A zombie, which nobody has waited for yet, holds no port and no memory."""
    try:
        return _state(Path(f"/proc/{pid}/stat")) not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
