"""A client that never gives up: it reconnects, and sends what was not acked again."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.client import Client, NoFrame
from tests.server import Person, Server

OUTSTANDING = 4
RETRY = 0.05
"""Seconds between two attempts to reach a server that is down."""


class Talker:
    """One person who sends to some others, in turn, for as long as they are let.

    What is not acked waits in `outbox` and goes out first, with its old id, on the next
    connection: the order of sending is the order of `sent`.
    """

    def __init__(self, server: Server, person: Person, partners: list[Person]) -> None:
        self.person = person
        self.sent: list[tuple[str, str]] = []
        """Every message begun: the name it goes to, and its body, which is also its id."""
        self.acked: dict[str, dict[str, Any]] = {}
        """The messages acked, by id."""
        self.finished = False
        self._server = server
        self._partners = partners
        self._outbox: deque[tuple[str, str]] = deque()

    async def run(self, progress: Callable[[], None]) -> None:
        """Talk until `finished`, then until the last ack; `progress` is called at each ack."""
        while not (self.finished and not self._outbox):
            try:
                async with self._server.connect(self.person, open_timeout=5) as ws:
                    await self._talk(ws, progress)
            except (ConnectionClosed, InvalidHandshake, InvalidMessage, NoFrame, OSError):
                await asyncio.sleep(RETRY)  # the server is down, or coming up

    async def _talk(self, ws: Client, progress: Callable[[], None]) -> None:
        for to, body in self._outbox:
            await ws.send("send", id=body, to=to, body=body)
        while True:
            while not self.finished and len(self._outbox) < OUTSTANDING:
                await self._begin(ws)
            if not self._outbox:
                return
            frame = await ws.expect()
            if frame["type"] == "ack":
                self._note(frame)
                progress()
            elif frame["type"] == "message":
                message = frame["message"]
                for cursor in ("received", "read"):
                    await ws.send(cursor, conversation=message["conversation"], seq=message["seq"])
            elif frame["type"] == "error":
                raise Refused(frame)

    async def _begin(self, ws: Client) -> None:
        number = len(self.sent)
        message = (
            self._partners[number % len(self._partners)].name,
            f"{self.person.name}/{number}",
        )
        self.sent.append(message)
        self._outbox.append(message)
        await ws.send("send", id=message[1], to=message[0], body=message[1])

    def _note(self, frame: dict[str, Any]) -> None:
        known = self.acked.setdefault(frame["id"], frame["message"])
        if known != frame["message"]:
            raise ChangedAck(known, frame["message"])
        if self._outbox and self._outbox[0][1] == frame["id"]:
            self._outbox.popleft()


class Refused(Exception):
    """An honest send was answered with an error."""


class ChangedAck(Exception):
    """The same id was acked with two different messages."""
