"""How people come to be in a device's feed, and what they do there."""

from contextlib import AsyncExitStack

from django.utils import timezone

from chat.models import Membership, Message
from tests.client import Client, Frame
from tests.devices.commands.talking import answer, meet
from tests.devices.hardware import Hardware
from tests.installation import Installation, Person


async def both(stack: AsyncExitStack, server: Installation, person: Person) -> list[Client]:
    """Two connections of one person, on different processes where there are several."""
    return [await stack.enter_async_context(server.connect(person)) for _ in range(2)]


def feed(device: Hardware) -> str:
    return f"device:{device.name}"


async def subscribe(ws: Client, device: Hardware) -> None:
    await meet(ws, device.name)
    await ws.send_text(device.name, "subscribe")
    await said(ws, device, "You are subscribed to")


async def are_in(device: Hardware, *clients: Client) -> None:
    """Wait until each is shown the feed: from then on what is reported comes there. Another
    process than the subscriber's may hear of it later than of the answer."""
    for ws in clients:
        await ws.expect("conversation", conversation={"id": feed(device)})


async def leave(ws: Client, device: Hardware) -> None:
    await ws.send_text(device.name, "unsubscribe")
    await said(ws, device, "You are no longer subscribed")


async def said(ws: Client, device: Hardware, beginning: str) -> None:
    """Wait for this answer; others, to what was asked on another connection, may come before."""
    while not (await answer(ws, device.name)).startswith(beginning):
        pass


def join(server: Installation, person: Person, device: Hardware) -> None:
    """In the database alone: nobody is told."""

    def make() -> None:
        last = Message.objects.filter(conversation=feed(device)).count()
        Membership.objects.create(
            account_id=person.name, conversation_id=feed(device), joined_at=timezone.now(),
            first_seq=last + 1, received_seq=last, read_seq=last,
        )  # fmt: skip

    server.database.call(make)


async def report(device: Hardware, *values: float) -> None:
    answer = await device.report(*values)
    assert answer.status == 200, answer.body


async def values(ws: Client, device: Hardware, count: int) -> list[float]:
    """Of the next readings that come here."""
    wanted = {"conversation": feed(device), "kind": "reading"}
    frames = [await ws.expect("message", message=wanted) for _ in range(count)]
    return [frame["message"]["data"]["value"] for frame in frames]


async def synced(ws: Client, conversation: str, since: int) -> list[Frame]:
    """The messages that `sync` gives."""
    answer = await ws.request("sync", since={conversation: since})
    assert answer["type"] == "synced", answer
    return [message for frame in await ws.seen("messages") for message in frame["messages"]]
