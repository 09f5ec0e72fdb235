"""What a case gets: the sizes, servers on seeded folders, and a way to say how far it is."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench import server
from bench.failures import SeedingFailed
from bench.machine import Cores
from bench.meter import Meter
from bench.sizes import Sizes

if TYPE_CHECKING:
    from bench.topology import Topology

SATURATED = 0.95
"""Share of its core from which on the load generator may itself be what was measured."""
QUIET = 0.1
"""Share of a core that others may use before the figures are called into question."""


class Bench:
    def __init__(self, sizes: Sizes, cores: Cores, folder: Path, stack: AsyncExitStack) -> None:
        """What is started for the whole run ends with `stack`."""
        self.sizes = sizes
        self.cores = cores
        self.folder = folder
        self.stack = stack
        self.warnings: list[str] = []
        self.others_share = 0.0
        self.started = time.monotonic()

    def say(self, what: str) -> None:
        """Progress, on stderr: stdout is for the result."""
        elapsed = time.monotonic() - self.started
        print(f"{elapsed:6.1f} s  {what}", file=sys.stderr, flush=True)

    def warn(self, what: str) -> None:
        self.say(f"warning: {what}")
        self.warnings.append(what)

    def check_load(self, what: str, meter: Meter) -> None:
        """Warn where the load generator had no time left, or the machine was not ours alone."""
        if meter.client_share >= SATURATED:
            self.warn(f"{what}: the load generator used {meter.client_share:.0%} of its core")
        self.others_share = max(self.others_share, meter.others_share)

    def check_quiet(self) -> None:
        if self.others_share > QUIET:
            self.warn(
                f"other processes used up to {self.others_share:.0%} of a core meanwhile: "
                "compare the ratios, and repeat on a quiet machine for absolute figures"
            )

    async def product(
        self, plan: str, **settings: str
    ) -> AbstractAsyncContextManager[server.Server]:
        return server.running("product", await self.seed(plan), self.cores, settings)

    async def limit(self, plan: str) -> AbstractAsyncContextManager[server.Server]:
        return server.running("limit", await self.seed(plan), self.cores)

    @asynccontextmanager
    async def both(self, plan: str) -> AsyncIterator[list[server.Server]]:
        """The limit and the product, both running, each on its own copy of one seed."""
        async with await self.limit(plan) as limit, await self.product(plan) as product:
            yield [limit, product]

    async def seed(self, plan: str) -> Path:
        """A data folder filled after `plan`, made once a run."""
        folder = self.folder / plan
        if not folder.exists():
            folder.mkdir()
            await self._fill(plan, folder)
        return folder

    @cached_property
    def topology(self) -> "Topology":
        """The distributed one: what of it is asked for is started."""
        from bench.topology import Topology  # it needs Linux; the embedded product does not

        return Topology(self._fill_servers, self.cores, self.stack)

    async def _fill_servers(self, plan: str, settings: Mapping[str, str]) -> None:
        """Fill the databases that `settings` name, as those of `plan` in a folder."""
        with tempfile.TemporaryDirectory(prefix="bench-seed-") as folder:
            await self._fill(plan, Path(folder), settings)

    async def _fill(
        self, plan: str, folder: Path, services: Mapping[str, str] = server.NONE
    ) -> None:
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "bench.seed", plan, "--sizes", _json(self.sizes)],
            cwd=server.PROJECT,
            env=server.environment(folder, services),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.cores.release(process.pid)
        assert process.stdout is not None
        printed = []
        async for line in process.stdout:
            printed.append(line.decode(errors="replace"))
            self.say(f"seeding “{plan}”: {printed[-1].rstrip()}")
        if await process.wait() != 0:
            raise SeedingFailed("".join(printed))


def _json(sizes: Sizes) -> str:
    return msgspec.json.encode(sizes).decode()


@asynccontextmanager
async def opened(sizes: Sizes, cores: Cores) -> AsyncIterator[Bench]:
    """A bench whose seeds and servers are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="bench-seeds-") as folder:
        async with AsyncExitStack() as stack:
            yield Bench(sizes, cores, Path(folder), stack)
