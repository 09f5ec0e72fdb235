"""Measures one stretch of a run: wall time, and CPU of what serves, the load generator, others."""

import time
from collections.abc import Sequence
from typing import Protocol

from bench import machine
from bench.server import Server


class Subject(Protocol):
    """What serves and is measured: one process, or an installation of several parts."""

    name: str

    @property
    def webs(self) -> Sequence[Server]:
        """The processes that take connections."""
        ...

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each of its parts has used so far, by the part's name."""
        ...


class Meter:
    """`wall` and the CPU times are seconds, from entering to leaving."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.wall = self.client_cpu = self.all_cpu = 0.0
        self.parts: dict[str, float] = {}
        """CPU of each part of what serves."""

    @property
    def server_cpu(self) -> float:
        return sum(self.parts.values())

    def costs(self, count: int) -> dict[str, float]:
        """CPU of each part for one of `count` things done, in µs."""
        return {part: seconds / max(1, count) * 1e6 for part, seconds in self.parts.items()}

    @property
    def client_share(self) -> float:
        """How much of its core the load generator used, from 0 to 1."""
        return self.client_cpu / self.wall

    @property
    def others_share(self) -> float:
        """How much of one core was used by what is not measured here."""
        return max(0.0, (self.all_cpu - self.server_cpu - self.client_cpu) / self.wall)

    def __enter__(self) -> "Meter":
        self.all_cpu = machine.busy_seconds()
        self.parts = self.subject.cpu()
        self.client_cpu = time.process_time()
        self.wall = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self.wall = time.perf_counter() - self.wall
        self.client_cpu = time.process_time() - self.client_cpu
        self.parts = {part: now - self.parts[part] for part, now in self.subject.cpu().items()}
        self.all_cpu = machine.busy_seconds() - self.all_cpu
