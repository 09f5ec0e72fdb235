"""What the machine gives: its cores, and a process's CPU time and memory, from /proc."""

import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Cores:
    """The server on one core, the load generator on another, where the machine lets us."""

    def __init__(self) -> None:
        allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
        self.all = allowed
        self.server = allowed[0] if len(allowed) > 1 else None
        self.client = allowed[1] if len(allowed) > 1 else None
        self.shared = [core for core in allowed if core != self.client or len(allowed) < 3]
        """For what is more than one process: all but the load generator's, where that leaves
        more than one."""

    def pin_client(self) -> None:
        """Keep this process on the load generator's core; what it starts inherits that."""
        if self.client is not None:
            os.sched_setaffinity(0, {self.client})

    def pin_server(self, pid: int) -> None:
        """Keep a process that was just started, and the threads it will start, on its core."""
        if self.server is not None:
            os.sched_setaffinity(pid, {self.server})

    def pin_one_of_many(self, pid: int = 0) -> None:
        """Let one of several processes that are measured together (0: this) use `self.shared`."""
        if self.client is not None:
            os.sched_setaffinity(pid, self.shared)

    def release(self, pid: int) -> None:
        """Let a process that is not measured use every core."""
        if self.client is not None:
            os.sched_setaffinity(pid, self.all)

    def describe(self) -> str:
        if self.server is None:
            return "not pinned (one core, or a system without sched_setaffinity)"
        return f"server on core {self.server}, load generator on core {self.client}"

    def describe_shared(self) -> str:
        if self.server is None:
            return "not pinned"
        return f"on cores {', '.join(map(str, self.shared))}"


def describe() -> str:
    model = platform.processor() or platform.machine()
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}"


def cpu_seconds(pid: int) -> float:
    """CPU time that the process and all its threads have used, user and system."""
    text = Path(f"/proc/{pid}/stat").read_text()
    fields = text.rpartition(")")[2].split()  # the command's name may hold spaces
    return (int(fields[11]) + int(fields[12])) / _TICKS


def family_cpu_seconds(pids: Iterable[int]) -> float:
    """The same of several processes, and of those that they started and saw end."""
    ticks = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # ended just now
            text = Path(f"/proc/{pid}/stat").read_text()
            ticks += sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return ticks / _TICKS


def busy_seconds() -> float:
    """CPU time that all processes together have used since the machine started."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, _lines(Path("/proc/stat"))[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / _TICKS


def resident_bytes(pid: int) -> int:
    for line in _lines(Path(f"/proc/{pid}/status")):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(f"process {pid} has no resident memory")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []
