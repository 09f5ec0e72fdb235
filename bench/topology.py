"""PostgreSQL for a whole run, and chats of several web processes on copies of one seed in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bench import backing
from bench.installation import SECRET_KEY, Installation, installed
from bench.machine import Cores
from tests.services.postgres import Postgres
from tests.services.secantus import Secantus

Seed = Callable[[str, Mapping[str, str]], Awaitable[None]]
"""Fills the empty databases that the settings name, after the plan of that name."""
PEOPLE = "people"


class Topology:
    def __init__(self, seed: Seed, cores: Cores, stack: AsyncExitStack) -> None:
        """What is started for the whole run ends with `stack`."""
        self._seed = seed
        self._cores = cores
        self._stack = stack
        self._postgres: Postgres | None = None
        self._templates: dict[str, str] = {}

    async def postgres(self) -> Postgres:
        """Raises LeftOut where there is none."""
        if self._postgres is None:
            running = backing.running(backing.postgres(), self._cores)
            self._postgres = await self._stack.enter_async_context(running)
        return self._postgres

    @asynccontextmanager
    async def on_postgres(
        self, webs: int, worker: bool = False, plan: str = PEOPLE, **settings: str
    ) -> AsyncIterator[Installation]:
        """All data in PostgreSQL."""
        postgres = await self.postgres()
        if plan not in self._templates:
            template = postgres.new_database()
            await self._fill(plan, {"DATABASE_URL": template})
            self._templates[plan] = template
        urls = {**settings, "DATABASE_URL": postgres.new_database(self._templates[plan])}
        services = {"PostgreSQL": postgres}
        async with installed(webs, urls, services, self._cores, worker) as found:
            yield found

    @asynccontextmanager
    async def on_mongo(self, webs: int) -> AsyncIterator[Installation]:
        """Messages in MongoDB (SecantusDB), through djongo; the rest in PostgreSQL."""
        postgres = await self.postgres()
        async with backing.running(Secantus(), self._cores) as mongo:
            urls = {"DATABASE_URL": postgres.new_database(), "MONGO_URL": mongo.new_database()}
            await self._fill(PEOPLE, urls)
            services = {"PostgreSQL": postgres, "MongoDB": mongo}
            async with installed(webs, urls, services, self._cores) as found:
                yield found

    async def _fill(self, plan: str, urls: Mapping[str, str]) -> None:
        await self._seed(plan, {**urls, "SECRET_KEY": SECRET_KEY})
