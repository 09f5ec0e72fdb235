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
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

from bench import machine

PROJECT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0
LOG_TAIL = 4_000
NONE: Mapping[str, str] = MappingProxyType({})
UNSET = (
    "ALLOWED_HOSTS",
    "BOT_ANSWERS_IN_ALL",
    "BOT_ANSWERS_PER_PERSON",
    "BOT_ANSWER_TIMEOUT",
    "BOT_CONNECT_TIMEOUT",
    "BOT_FIRST_TOKEN_TIMEOUT",
    "BOT_PROMPT_LIMIT",
    "BOT_TOKENS_IN_ALL",
    "BOT_TOKENS_PER_PERSON",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "METRICS_ALLOWED",
    "MONGO_ENGINE",
    "MONGO_URL",
    "MONGO_URL_FILE",
    "MQTT_URL",
    "MQTT_URL_FILE",
    "OPENAI_API_KEY",
    "OPENAI_API_KEY_FILE",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "RECHECK_INTERVAL",
    "REDIS_URL",
    "REDIS_URL_FILE",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
)
"""Settings of the product that a caller's environment may hold, and that would change what is
measured."""


class ServerFailed(Exception):
    """The server did not start, or ended while it was measured; holds the end of its log."""


class Server:
    """One process on a port and a folder that it keeps over restarts."""

    def __init__(
        self, name: str, folder: Path, cores: machine.Cores, settings: Mapping[str, str] = NONE
    ) -> None:
        """`settings` more than it has anyway; those of one of several name their databases."""
        self.name = name
        self.folder = folder
        self.port = _free_port()
        self._environment = environment(folder, settings)
        several = "DATABASE_URL" in settings
        self._pin = cores.pin_one_of_many if several else cores.pin_server
        self.process = self._launch()

    def _launch(self) -> subprocess.Popen[bytes]:
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                _command(self.name, self.folder, self.port),
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._pin(process.pid)
        return process

    async def restart(self) -> None:
        """An orderly end, and a new start; until it listens again."""
        await asyncio.to_thread(self.stop)
        self.process = self._launch()
        await self.wait_until_ready()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/chat/"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def webs(self) -> "list[Server]":
        """Itself: alone, it is all that takes connections."""
        return [self]

    def cpu(self) -> dict[str, float]:
        self.check()
        return {"server": machine.cpu_seconds(self.process.pid)}

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
async def running(
    name: str, seed: Path, cores: machine.Cores, settings: Mapping[str, str] = NONE
) -> AsyncIterator[Server]:
    """A server ("product" or "limit") on a copy of the seeded folder; ended on leaving."""
    with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as temporary:
        folder = Path(temporary) / "data"
        await asyncio.to_thread(shutil.copytree, seed, folder)
        server = Server(name, folder, cores, settings)
        try:
            await server.wait_until_ready()
            yield server
            server.check()
        finally:
            server.stop()


def _command(name: str, folder: Path, port: int) -> list[str]:
    if name == "limit":
        database = str(folder / "messages.sqlite3")
        return [sys.executable, "-m", "bench.limit", "--database", database, "--port", str(port)]
    return [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(port)]


def environment(folder: Path, settings: Mapping[str, str] = NONE) -> dict[str, str]:
    """The product's: this folder, these settings, no rate limit, and nothing of the caller's."""
    ours = {"DATA_DIR": str(folder), "RATE_LIMIT_MESSAGES": "0", "DEBUG": "false"}
    # Empty, not absent: what stands in the environment wins over a `.env` file.
    return {**os.environ, **dict.fromkeys(UNSET, ""), **ours, **settings}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
