"""Clients of the library for tests, and waiting for what they are told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chat.client import ChatClient, Event, Message
from tests.browser.relay import Relay
from tests.client import WITHIN
from tests.server import Person, Server


def client_of(server: Server | Relay, person: Person, **options) -> ChatClient:
    return ChatClient(
        f"http://127.0.0.1:{server.port}", person.name, token=person.token,
        **{"patience": WITHIN, **options},
    )  # fmt: skip


async def taken(messages: AsyncIterator[Message], number: int) -> list[str]:
    """The bodies of the next so many."""
    async with asyncio.timeout(WITHIN):
        return [(await anext(messages)).body for _ in range(number)]


async def event_of(events: AsyncIterator[Event], kind: type[Event]) -> Event:
    """The next event of a kind."""
    async with asyncio.timeout(WITHIN):
        async for event in events:
            if isinstance(event, kind):
                return event
    raise AssertionError(f"no {kind.__name__} came")


@asynccontextmanager
async def two(server: Server, alice: Person, bob: Person) -> AsyncIterator[tuple[ChatClient, ...]]:
    async with client_of(server, alice) as alices, client_of(server, bob) as bobs:
        yield alices, bobs
