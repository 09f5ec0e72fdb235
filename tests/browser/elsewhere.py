"""What people do on other machines while a page is looked at."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tests.client import WITHIN, Client, Frame
from tests.server import Person, Server, dm

Answer = TypeVar("Answer")


def elsewhere(server: Server, person: Person, act: Callable[[Client], Awaitable[Answer]]) -> Answer:
    """Have `person` act by a connection of their own; gives what `act` gives.

    In a thread, for the browser's own event loop holds the test's.
    """
    answers: list[Answer] = []

    async def connected() -> None:
        async with server.connect(person) as client:
            answers.append(await act(client))

    thread = threading.Thread(target=lambda: asyncio.run(connected()), daemon=True)
    thread.start()
    thread.join(WITHIN)
    assert answers, f"{person.name} could not do this."
    return answers[0]


def says(server: Server, person: Person, to: Person, *texts: str) -> list[Frame]:
    """They are stored, one after the other."""
    return elsewhere(server, person, lambda client: client.send_texts(to.name, list(texts)))


def heard(server: Server, person: Person, other: Person) -> list[str]:
    """What `person` finds in the conversation with `other`, oldest first; nothing where none is."""

    async def look(client: Client) -> list[str]:
        answer = await client.request("history", conversation=dm(person, other))
        return [message["body"] for message in answer.get("messages", [])]

    return elsewhere(server, person, look)


@contextmanager
def present(server: Server, person: Person) -> Iterator[None]:
    """`person` is connected by another machine for as long as it lasts."""
    connected, over = threading.Event(), threading.Event()

    async def stay() -> None:
        async with server.connect(person):
            connected.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(stay()), daemon=True)
    thread.start()
    assert connected.wait(WITHIN), f"{person.name} could not come."
    try:
        yield
    finally:
        over.set()
        thread.join(WITHIN)


async def edits(client: Client, message: Frame, body: str) -> None:
    """One's own message says something else."""
    answer = await client.request("edit", message=message["id"], body=body)
    assert answer["type"] == "ok", answer


async def deletes(client: Client, message: Frame) -> None:
    answer = await client.request("delete", message=message["id"])
    assert answer["type"] == "ok", answer
