"""Measures one stretch of a run: wall time, and CPU of the server and of the load generator."""

import time

from bench.server import Server


class Meter:
    """`wall`, `server_cpu` and `client_cpu` in seconds, from entering to leaving."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.wall = self.server_cpu = self.client_cpu = 0.0

    def __enter__(self) -> "Meter":
        self.server_cpu = self.server.cpu_seconds()
        self.client_cpu = time.process_time()
        self.wall = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        self.wall = time.perf_counter() - self.wall
        self.client_cpu = time.process_time() - self.client_cpu
        self.server_cpu = self.server.cpu_seconds() - self.server_cpu
