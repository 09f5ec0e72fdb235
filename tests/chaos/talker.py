"""A client that never gives up: it reconnects, and sends what was not acked again."""

import asyncio
from collections.abc import Callable

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.client import Client, Frame, NoFrame
from tests.installation import Installation, Person

OUTSTANDING = 4
RETRY = 0.05
"""Seconds between two attempts to reach a server that is down."""


class Talker:
    """One person who sends to some others, in turn, for as long as they are let.

    What is not acked waits in an outbox and goes out first, with its old id, on the next
    connection: the order of sending is the order of `sent`.
    """

    patience = 15.0
    """Seconds of silence after which the connection counts as dead."""

    def __init__(self, server: Installation, person: Person, partners: list[Person]) -> None:
        self.person = person
        self.sent: list[tuple[str, str]] = []
        """Every message begun: the name it goes to, and its body, which is also its id."""
        self.acked: dict[str, Frame] = {}
        """The messages acked, by id."""
        self.finished = False
        self._server = server
        self._partners = partners
        self._outbox: dict[str, str] = {}
        """Whom what is not acked goes to, by id."""

    async def run(self, progress: Callable[[], None]) -> None:
        """Talk until `finished`, then until the last ack; `progress` is called at each ack."""
        while not (self.finished and not self._outbox):
            try:
                async with self._server.connect(self.person, hello=False, open_timeout=5) as ws:
                    await self._greet(ws)
                    await self._talk(ws, progress)
            except (ConnectionClosed, InvalidHandshake, InvalidMessage, NoFrame, OSError):
                await asyncio.sleep(RETRY)  # the server is down, or coming up

    async def _greet(self, ws: Client) -> None:
        frame = await ws.expect(within=self.patience)
        if frame["type"] == "error":
            await self._refused(ws, frame)
        for id in self._outbox:
            await self._send(ws, id)

    async def _talk(self, ws: Client, progress: Callable[[], None]) -> None:
        while True:
            await self._begin_more(ws)
            if not self._outbox:
                return
            frame = await ws.expect(within=self.patience)
            if frame["type"] == "ack":
                self._note(frame)
                progress()
            elif frame["type"] == "message":
                await self._mark(ws, frame["message"])
            elif frame["type"] == "error":
                await self._refused(ws, frame)

    async def _begin_more(self, ws: Client) -> None:
        while not self.finished and len(self._outbox) < OUTSTANDING:
            await self._begin(ws, self._partners[len(self.sent) % len(self._partners)])

    async def _begin(self, ws: Client, partner: Person) -> None:
        id = f"{self.person.name}/{len(self.sent)}"
        self.sent.append((partner.name, id))
        self._outbox[id] = partner.name
        await self._send(ws, id)

    async def _send(self, ws: Client, id: str) -> None:
        await ws.send("send", id=id, to=self._outbox[id], body=id)

    async def _mark(self, ws: Client, message: Frame) -> None:
        for cursor in ("received", "read"):
            await ws.send(cursor, conversation=message["conversation"], seq=message["seq"])

    def _note(self, frame: Frame) -> None:
        known = self.acked.setdefault(frame["id"], frame["message"])
        if known != frame["message"]:
            raise ChangedAck(known, frame["message"])
        self._outbox.pop(frame["id"], None)

    async def _refused(self, ws: Client, frame: Frame) -> None:
        raise Refused(frame)


class PatientTalker(Talker):
    """One who takes `unavailable` for an answer, and is in no hurry.

    In a conversation each message waits for the ack of the one before, as the page has it. Who
    sends on while the store is going away must expect that it is back for the second message, and
    was not for the first.
    """

    patience = 5.0
    pace = 0.25
    """Seconds from an ack to the next message."""
    again = 0.5
    """Seconds from a refusal to the next attempt."""

    async def _begin_more(self, ws: Client) -> None:
        if self.acked:
            await asyncio.sleep(self.pace)
        busy = set(self._outbox.values())
        for partner in self._partners:
            if not self.finished and len(self._outbox) < OUTSTANDING and partner.name not in busy:
                busy.add(partner.name)
                await self._begin(ws, partner)

    async def _refused(self, ws: Client, frame: Frame) -> None:
        if frame["code"] != "unavailable":
            raise Refused(frame)
        await asyncio.sleep(self.again)
        if frame.get("id") in self._outbox:
            await self._send(ws, frame["id"])


class Refused(Exception):
    """An honest frame was answered with an error."""


class ChangedAck(Exception):
    """The same id was acked with two different messages."""
