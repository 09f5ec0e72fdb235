"""A client that only listens, and asks for what it missed where the protocol tells it to."""

import asyncio
from collections import defaultdict
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.chaos.talker import RETRY
from tests.client import Client, Frame, NoFrame
from tests.installation import Installation, Person

SILENCE = 5.0
"""Seconds without a frame after which it asks whether somebody is there."""
AGAIN = 0.5
"""Seconds from a refusal to the next attempt."""


class Listener:
    """A second device of somebody who talks: what it shows is made of what it was told."""

    def __init__(self, server: Installation, person: Person) -> None:
        self.person = person
        self.shown: defaultdict[str, list[Frame]] = defaultdict(list)
        """The messages by conversation, from the first that is theirs on, without a hole."""
        self.resyncs = 0
        self._server = server
        self._before: dict[str, int] = {}
        """By conversation, the seq before the first that is theirs."""
        self._behind: set[str] = set()
        self._asking = False

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                async with self._server.connect(self.person, hello=False, open_timeout=5) as ws:
                    self._asking = False
                    while True:
                        await self._take(ws, await self._next(ws))
            except (ConnectionClosed, InvalidHandshake, InvalidMessage, NoFrame, OSError):
                await asyncio.sleep(RETRY)

    async def _next(self, ws: Client) -> Frame:
        try:
            return await ws.expect(within=SILENCE)
        except NoFrame:
            await ws.send("ping")
            return await ws.expect(within=SILENCE)

    async def _take(self, ws: Client, frame: Frame) -> None:
        match frame:
            case {"type": "hello" | "conversations", "conversations": listed}:
                self._compare(listed)
            case {"type": "conversation", "conversation": listed}:
                self._compare([listed])
            case {"type": "message", "message": {"conversation": conversation}} if (
                conversation not in self._before
            ):
                await self._ask(ws, "conversations", before=None, limit=200)
            case {"type": "message", "message": message}:
                self._show(message)
            case {"type": "messages", "messages": messages}:
                for message in messages:
                    self._show(message)
            case {"type": "synced", "more": more}:
                self._asking = False
                self._behind |= set(more)
            case {"type": "resync"}:
                self.resyncs += 1
                await self._ask(ws, "conversations", before=None, limit=200)
            case {"type": "error"}:
                await self._refused(ws, frame)
        if self._behind and not self._asking:
            self._asking = True
            since = {conversation: self._last(conversation) for conversation in self._behind}
            self._behind.clear()
            await self._ask(ws, "sync", since=since)

    def _compare(self, conversations: list[Frame]) -> None:
        for listed in conversations:
            self._before.setdefault(listed["id"], listed["first_seq"] - 1)
            if listed["last_seq"] > self._last(listed["id"]):
                self._behind.add(listed["id"])

    def _last(self, conversation: str) -> int:
        """The last seq that is shown."""
        return self._before[conversation] + len(self.shown[conversation])

    def _show(self, message: Frame) -> None:
        conversation, seq = message["conversation"], message["seq"]
        last = self._last(conversation)
        if seq == last + 1:
            self.shown[conversation].append(message)
        elif seq > last:
            self._behind.add(conversation)
        else:
            place = seq - self._before[conversation] - 1
            assert self.shown[conversation][place] == message, "a message never changes"

    async def _ask(self, ws: Client, question: str, **fields: Any) -> None:
        await ws.send(question, id=question, **fields)

    async def _refused(self, ws: Client, error: Frame) -> None:
        assert error["code"] == "unavailable", error
        self._asking = False
        await asyncio.sleep(AGAIN)
        await self._ask(ws, "conversations", before=None, limit=200)
