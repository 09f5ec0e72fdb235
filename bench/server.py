"""Starts and ends the servers under measurement, each in a process and a folder of its own."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from bench import machine

PROJECT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0
LOG_TAIL = 4_000


class ServerFailed(Exception):
    """The server did not start, or ended while it was measured; holds the end of its log."""


class Server:
    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int, folder: Path):
        self.name = name
        self.process = process
        self.port = port
        self.folder = folder

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/chat/"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        self.check()
        return machine.cpu_seconds(self.process.pid)

    def resident_bytes(self) -> int:
        self.check()
        return machine.resident_bytes(self.process.pid)

    def check(self) -> None:
        if self.process.poll() is not None:
            raise ServerFailed(
                f"{self.name} ended with exit code {self.process.returncode}:\n{self.log()}"
            )

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")[-LOG_TAIL:]

    async def wait_until_ready(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_TIMEOUT
        while True:
            self.check()
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            if loop.time() > deadline:
                raise ServerFailed(f"{self.name} does not listen:\n{self.log()}")
            await asyncio.sleep(0.05)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.asynccontextmanager
async def running(name: str, seed: Path, cores: machine.Cores) -> AsyncIterator[Server]:
    """A server ("product" or "limit") on a copy of the seeded folder; ended on leaving."""
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as temporary:
        folder = Path(temporary) / "data"
        await asyncio.to_thread(shutil.copytree, seed, folder)
        server = _start(name, folder, cores)
        try:
            await server.wait_until_ready()
            yield server
            server.check()
        finally:
            server.stop()


def _start(name: str, folder: Path, cores: machine.Cores) -> Server:
    port = _free_port()
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            _command(name, folder, port),
            cwd=PROJECT,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    cores.pin_server(process.pid)
    return Server(name, process, port, folder)


def _command(name: str, folder: Path, port: int) -> list[str]:
    if name == "limit":
        database = str(folder / "messages.sqlite3")
        return [sys.executable, "-m", "bench.limit", "--database", database, "--port", str(port)]
    return [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]


def environment(folder: Path) -> dict[str, str]:
    """The embedded product's: this folder, no rate limit, and nothing of the caller's settings."""
    ours = {"DATA_DIR": str(folder), "RATE_LIMIT_MESSAGES": "0", "DEBUG": "false"}
    unset = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "MONGO_URL", "REDIS_URL")
    # Empty, not absent: what stands in the environment wins over a `.env` file.
    return os.environ | dict.fromkeys(unset, "") | ours


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
