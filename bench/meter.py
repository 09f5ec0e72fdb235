"""Measures one stretch of a run: wall time, and CPU of the server, the load generator, others."""

import time

from bench import machine
from bench.server import Server


class Meter:
    """`wall` and the CPU times are seconds, from entering to leaving."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.wall = self.server_cpu = self.client_cpu = self.all_cpu = 0.0

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
        self.server_cpu = self.server.cpu_seconds()
        self.client_cpu = time.process_time()
        self.wall = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self.wall = time.perf_counter() - self.wall
        self.client_cpu = time.process_time() - self.client_cpu
        self.server_cpu = self.server.cpu_seconds() - self.server_cpu
        self.all_cpu = machine.busy_seconds() - self.all_cpu
