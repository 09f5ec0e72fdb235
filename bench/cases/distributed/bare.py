"""Runs the bare writer: as many processes as the chat has, with batches like the chat's."""

import asyncio
import subprocess
import sys
from dataclasses import dataclass

import msgspec

from bench import server
from bench.context import Bench
from bench.figures import mean
from bench.server import ServerFailed


@dataclass(frozen=True)
class Written:
    times: list[float]
    """Milliseconds of each batch."""
    rate: float
    """Messages per second, of all writers."""

    @property
    def milliseconds(self) -> float:
        """Of a batch, on average."""
        return mean(self.times)


async def write(bench: Bench, url: str, writers: int, size: int, pause: float = 0.0) -> Written:
    """Batches of `size` by each of `writers`, one every `pause` seconds (0: one after another)."""
    words = ["--url", url, "--size", str(size), "--pause", str(pause)]
    each = await asyncio.gather(*(_write(bench, words) for _ in range(writers)))
    times = [time for found in each for time in found]
    return Written(times, size * len(times) / bench.sizes.seconds)


async def _write(bench: Bench, words: list[str]) -> list[float]:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bench.bare_mongo", "--seconds", str(bench.sizes.seconds), *words],
        cwd=server.PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    bench.cores.pin_one_of_many(process.pid)
    try:
        printed, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        raise ServerFailed(complaint.decode(errors="replace")[-server.LOG_TAIL :])
    return msgspec.json.decode(printed, type=list[float])
