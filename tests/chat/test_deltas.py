"""What somebody is still writing is shown to the other members, and waits for nobody."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chat import deltas
from chat.backplane.inbox import inbox
from chat.backplane.news import Hinted
from chat.connection import MAX_QUEUED, Connection
from chat.hub import hub
from chat.identity import TOKEN, Credential, Identity
from chat.protocol import Close, DeltaFrame, encode
from tests.client import Frame

DM = "dm:alice:openai"


class Socket:
    """Somebody's, in this process: what it was sent, as fast as it reads."""

    def __init__(self, name: str) -> None:
        self.frames: list[Frame] = []
        self.closed_with: int | None = None
        self.reads = asyncio.Event()
        self.reads.set()
        identity = Identity(name, name, "person", Credential(TOKEN, name), "")
        self.connection = Connection(identity, self._send, lambda _: None, lambda: None)

    async def _send(self, event: dict) -> None:
        await self.reads.wait()
        if event["type"] == "websocket.close":
            self.closed_with = event["code"]
            return
        self.frames.append(json.loads(event["text"]))

    @property
    def texts(self) -> list[str]:
        return [frame["text"] for frame in self.frames if frame["type"] == "delta"]


@asynccontextmanager
async def connected(name: str) -> AsyncIterator[Socket]:
    socket = Socket(name)
    hub.add(socket.connection)
    socket.connection.open('{"type":"hello"}')
    await socket.connection.drained()
    try:
        yield socket
    finally:
        hub.remove(socket.connection)
        socket.connection.forget()


def told(text: str) -> str:
    return encode(DeltaFrame(DM, "openai", "the question's id", text))


async def test_all_of_the_persons_connections_see_it_and_nobody_else():
    async with connected("alice") as a, connected("alice") as b, connected("charlie") as c:
        deltas.hint(DM, "openai", told("It is"))
        for socket in (a, b, c):
            await socket.connection.drained()
        assert a.texts == b.texts == ["It is"]
        assert a.frames[-1] == {
            "type": "delta", "conversation": DM, "sender": "openai",
            "reply_to": "the question's id", "text": "It is",
        }  # fmt: skip
        assert c.texts == []


async def test_the_writer_does_not_hear_itself():
    async with connected("openai") as bot:
        deltas.hint(DM, "openai", told("It is"))
        await bot.connection.drained()
        assert bot.texts == []


async def test_who_reads_slowly_gets_fewer_and_nothing_piles_up():
    async with connected("alice") as a:
        a.reads.clear()
        for length in range(1, 1001):
            deltas.hint(DM, "openai", told("x" * length))
        assert a.connection.queued < 1000
        a.reads.set()
        await a.connection.drained()
        deltas.hint(DM, "openai", told("x" * 2000))
        await a.connection.drained()
        assert [len(text) for text in a.texts] == [1, 1000, 2000]


async def test_it_comes_before_what_was_said_later():
    async with connected("alice") as a:
        a.reads.clear()
        for text in ("It", "It is"):
            deltas.hint(DM, "openai", told(text))
        a.connection.push('{"type":"message"}')
        a.reads.set()
        await a.connection.drained()
        assert [frame["type"] for frame in a.frames] == ["hello", "delta", "delta", "message"]
        assert a.texts == ["It", "It is"]


async def test_who_does_not_read_at_all_is_still_told_why_it_is_closed():
    async with connected("alice") as a:
        a.reads.clear()
        while a.connection.queued <= MAX_QUEUED:
            a.connection.push(json.dumps({"type": "message", "filler": "x" * 100_000}))
        deltas.hint(DM, "openai", told("It is"))
        a.connection.push('{"type":"message"}')
        a.reads.set()
        await a.connection.drained()
        assert a.closed_with == Close.TOO_SLOW


async def test_those_on_other_processes_see_it():
    async with connected("alice") as a:
        inbox.receive("another", Hinted(DM, "openai", told("It is")))
        await a.connection.drained()
        assert a.texts == ["It is"]
