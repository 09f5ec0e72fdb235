"""A distributed chat: several web processes on PostgreSQL and Valkey, and perhaps MongoDB."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench import backing, machine
from bench.machine import Cores
from bench.server import Server
from bench.worker import working
from tests.services import family
from tests.services.process import Process
from tests.services.service import Service
from tests.services.valkey import Valkey

SECRET_KEY = secrets.token_urlsafe(40)
"""One for all processes, and for who seeds the sessions: it signs them."""
WEBS = "web processes"
WORKER = "worker"


class Installation:
    def __init__(self, webs: list[Server], urls: Mapping[str, str], others: Mapping[str, Process]
                 ) -> None:  # fmt: skip
        self.name = counted(len(webs))
        self.webs = webs
        self.urls = urls
        self._others = others

    def cpu(self) -> dict[str, float]:
        """Of the web processes together, of the worker, and of each service."""
        found = {WEBS: sum(web.cpu()["server"] for web in self.webs)}
        return found | {
            name: machine.family_cpu_seconds(family.of(process.popen.pid))
            for name, process in self._others.items()
        }


def counted(webs: int) -> str:
    return f"{webs} process" if webs == 1 else f"{webs} processes"


@asynccontextmanager
async def installed(
    webs: int,
    urls: Mapping[str, str],
    services: Mapping[str, Service],
    cores: Cores,
    worker: bool = False,
) -> AsyncIterator[Installation]:
    """Web processes on the databases at `urls`, by setting, and on a Valkey of their own: what is
    published is heard in all of its databases. One worker where it is wanted."""
    async with AsyncExitStack() as stack:
        valkey = await stack.enter_async_context(backing.running(Valkey(), cores))
        settings = {**urls, "REDIS_URL": valkey.url, "SECRET_KEY": SECRET_KEY}
        others = {name: service.process for name, service in {**services, "Valkey": valkey}.items()}
        servers = await stack.enter_async_context(_serving(webs, settings, cores))
        if worker:
            others[WORKER] = await stack.enter_async_context(working(settings, cores))
        yield Installation(servers, urls, others)


@asynccontextmanager
async def _serving(
    count: int, settings: Mapping[str, str], cores: Cores
) -> AsyncIterator[list[Server]]:
    with tempfile.TemporaryDirectory(prefix="bench-webs-") as folder:
        servers: list[Server] = []
        try:
            for number in range(count):
                own = Path(folder) / str(number)
                own.mkdir()
                servers.append(Server("product", own, cores, settings))
            for server in servers:
                await server.wait_until_ready()
            yield servers
            for server in servers:
                server.check()
        finally:
            await asyncio.gather(*(asyncio.to_thread(server.stop) for server in servers))
