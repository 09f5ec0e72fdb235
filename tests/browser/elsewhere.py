"""What people do on other machines while a page is looked at."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.client import WITHIN, Client, Frame
from tests.server import Person, Server

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


async def edits(client: Client, message: Frame, body: str) -> None:
    """One's own message says something else."""
    answer = await client.request("edit", message=message["id"], body=body)
    assert answer["type"] == "ok", answer


async def deletes(client: Client, message: Frame) -> None:
    answer = await client.request("delete", message=message["id"])
    assert answer["type"] == "ok", answer
