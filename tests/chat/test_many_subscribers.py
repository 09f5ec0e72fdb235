"""A thousand subscribe to a device, and a hundred of them are connected, to all processes."""

import asyncio
import uuid
from contextlib import AsyncExitStack

from django.utils import timezone

from chat.models import Account, Membership, Message, Token
from chat.models.token import digest_of
from tests.chat.subscribing import feed, report, synced
from tests.client import Client
from tests.devices.hardware import Hardware, new_device
from tests.installation import Installation, Person

SUBSCRIBERS, CONNECTED, COME_BACK = 1_000, 100, 5
AT_ONCE = 20


def subscribed(server: Installation, device: Hardware, count: int) -> list[Person]:
    """New people, who joined before there was anything."""
    run = uuid.uuid4().hex[:8]
    people = [Person(f"crowd-{run}-{number}", f"token-{run}-{number}") for number in range(count)]
    place = {"conversation_id": feed(device), "joined_at": timezone.now()}

    def make() -> None:
        Account.objects.bulk_create(Account(name=person.name) for person in people)
        Token.objects.bulk_create(
            Token(digest=digest_of(person.token), account_id=person.name) for person in people
        )
        Membership.objects.bulk_create(
            Membership(account_id=person.name, **place) for person in people
        )

    server.database.call(make)
    return people


async def connected(
    stack: AsyncExitStack, server: Installation, people: list[Person]
) -> list[Client]:
    """All of them, some at a time."""
    some_at_a_time = asyncio.Semaphore(AT_ONCE)

    async def connect(person: Person) -> Client:
        async with some_at_a_time:
            return await stack.enter_async_context(server.connect(person))

    return await asyncio.gather(*(connect(person) for person in people))


async def test_one_reading_is_stored_once_and_reaches_all_who_are_there(server, charlie):
    device = new_device(server)
    people = subscribed(server, device, SUBSCRIBERS)
    here, away = people[:CONNECTED], people[CONNECTED:]
    async with AsyncExitStack() as stack:
        clients = await connected(stack, server, here)
        outsider = await stack.enter_async_context(server.connect(charlie))
        await report(device, 21.4)
        told = [(await ws.expect("message"))["message"] for ws in clients]
        assert all(message == told[0] for message in told)
        assert (told[0]["seq"], told[0]["data"]["value"]) == (1, 21.4)
        for ws in clients:
            await ws.nothing("message")
        await outsider.nothing("message")
        await outsider.nothing_about(feed(device))
    stored = server.database.call(lambda: list(all_about(device)))
    assert stored == [(feed(device), 1)]
    for person in away[:: len(away) // COME_BACK]:
        async with server.connect(person) as ws:
            (shown,) = ws.hello["conversations"]
            assert (shown["last_seq"], shown["unread"]) == (1, 0)
            assert (await ws.request("stored", after=None))["messages"] == told[:1]
            assert await synced(ws, feed(device), 0) == told[:1]


def all_about(device: Hardware):
    """Conversation and seq of all that was stored of it."""
    return Message.objects.filter(sender=device.name).values_list("conversation", "seq")
