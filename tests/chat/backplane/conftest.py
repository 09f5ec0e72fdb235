"""Backplanes of several processes, in one: each with a name and an inbox of its own."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count

import pytest

from chat.backplane.news import Came, Item
from chat.backplane.shared import SharedBackplane
from tests.services.valkey import Valkey
from tests.waiting import until

_databases = count(500)


class Kept:
    """An inbox that keeps what comes."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.people: dict[str, set[str]] = {}
        self.misses = 0
        self.here: list[Came] = []

    def receive(self, sender: str, item: Item) -> None:
        self.items.append(item)

    def people_of(self, sender: str, people: dict[str, Came]) -> None:
        self.people[sender] = set(people)

    def missed(self) -> None:
        self.misses += 1

    def people_here(self) -> list[Came]:
        return self.here


class Process:
    """One process's backplane, and what it heard."""

    def __init__(self, url: str) -> None:
        self.name = secrets.token_hex(8)
        self.inbox = Kept()
        self.backplane = SharedBackplane(url, self.name)

    async def join(self, *people: str) -> None:
        self.inbox.here = [Came(name, name, "person") for name in people]
        await self.backplane.join(self.inbox)

    def die(self) -> None:
        """Be silent from now on, without a good-bye."""
        for task in self.backplane._tasks:
            task.cancel()

    async def hears(self, *items: Item) -> None:
        await until(lambda: self.inbox.items[-len(items) :] == list(items))

    async def sees(self, other: "Process", *people: str) -> None:
        await until(lambda: self.inbox.people.get(other.name) == set(people))


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """A database that nobody else uses; a test leaves its few keys to expire."""
    return valkey.database(next(_databases))


@pytest.fixture
async def process(redis_url: str) -> AsyncIterator[Callable[..., Awaitable[Process]]]:
    started: list[Process] = []

    async def start(*people: str, url: str = redis_url) -> Process:
        started.append(Process(url))
        await started[-1].join(*people)
        return started[-1]

    yield start
    for one in started:
        await one.backplane.leave()
    await asyncio.sleep(0)
