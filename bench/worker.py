"""A Celery worker of the distributed chat."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.machine import Cores
from bench.server import ServerFailed, environment
from tests.services.process import Process

COMMAND = [
    *(sys.executable, "-m", "celery", "--app", "chatproject", "worker"),
    *("--without-gossip", "--without-mingle"),
]
"""As `deploy/worker` has it."""


@asynccontextmanager
async def working(settings: Mapping[str, str], cores: Cores) -> AsyncIterator[Process]:
    """It does not say when it is ready; what it is to do waits for it. Ended on leaving."""
    with TemporaryDirectory(prefix="bench-worker-") as folder:
        process = Process(COMMAND, environment(Path(folder), settings))
        process.before_exec = cores.pin_one_of_many
        try:
            process.launch()
            yield process
            if not process.is_running:
                raise ServerFailed(f"the worker ended:\n{process.log}")
        finally:
            await asyncio.to_thread(process.kill)
