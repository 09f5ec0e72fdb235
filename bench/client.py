"""The load generator's connection: lean, so that the server is what is measured."""

import asyncio
import itertools
import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench import names
from bench.server import Server

TIMEOUT = 60.0
RECEIVED_EVERY = 0.2
"""Seconds; a client tells at most this often, per conversation, how far it has received."""


class ClientFailed(Exception):
    """The server refused, closed, stayed silent, or answered what it should not have."""


class Message(Struct):
    id: str
    conversation: str
    seq: int
    sender: str
    body: str


class Conversation(Struct):
    id: str
    last_seq: int


class Person(Struct):
    name: str
    online: bool


class Frame(Struct):
    """What the benchmark reads of any of the server's frames; it ignores the rest."""

    type: str
    id: str | None = None
    message: Message | None = None
    messages: list[Message] = []
    more: Any = None
    conversations: list[Conversation] = []
    people: list[Person] = []
    code: str | None = None
    detail: str | None = None


decode = msgspec.json.Decoder(Frame).decode
encode = msgspec.json.Encoder().encode


class Connection(WSListener):
    """One WebSocket of one user. Answers go to who asked, other frames to `on_frame`."""

    def __init__(self, name: str, on_frame: Callable[[Frame], None] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.name = name
        self.loop = loop
        self.on_frame = on_frame
        self.transport: WSTransport | None = None
        self.hello: asyncio.Future[Frame] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self.frames = 0
        self.bytes = 0
        self._prefix = secrets.token_hex(8)  # a message's id is for good, over all connections
        self._ids = itertools.count()
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._synced: list[Message] = []
        self._reported: dict[str, int] = {}
        self._failure = "closed by the server"

    # ---- picows' callbacks

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.closed.done():
            self.closed.set_result(None)
        lost = ClientFailed(f"the connection of {self.name} is gone: {self._failure}")
        for waiting in (self.hello, *self._answers.values()):
            if not waiting.done():
                waiting.set_exception(lost)
                waiting.exception()  # seen: nobody may be waiting any more

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            payload = frame.get_payload_as_memoryview()
            self.frames += 1
            self.bytes += len(payload)
            self._dispatch(decode(payload))
        elif frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()

    def _dispatch(self, frame: Frame) -> None:
        if frame.type == "messages":
            self._synced += frame.messages
            return
        answer = self._answers.pop(frame.id, None) if frame.id is not None else None
        if answer is not None:
            answer.set_result(frame)
            return
        if frame.type == "error":
            self.fail(f"{frame.code}: {frame.detail}")
        elif frame.type == "hello":
            self.hello.set_result(frame)
        if self.on_frame is not None:
            self.on_frame(frame)

    # ---- what a case does with it

    def fail(self, why: str) -> None:
        """End the connection; whoever waits for something of it is told why."""
        self._failure = why
        assert self.transport is not None
        self.transport.disconnect()

    def check(self) -> None:
        """Raise ClientFailed where the connection has ended."""
        if self.closed.done():
            raise ClientFailed(f"the connection of {self.name} is gone: {self._failure}")

    def write(self, frame: bytes) -> None:
        assert self.transport is not None
        self.transport.send(WSMsgType.TEXT, frame)

    async def ask(self, **frame: Any) -> Frame:
        """The answer to one request; raises ClientFailed for an error or silence."""
        key = f"{self._prefix}-{next(self._ids)}"
        answer = self._answers[key] = self.loop.create_future()
        self.write(encode(frame | {"id": key}))
        found = await _within(answer, f"{frame['type']} of {self.name}")
        if found.type == "error":
            raise ClientFailed(f"{frame['type']} was refused, {found.code}: {found.detail}")
        return found

    async def sync(self, since: dict[str, int]) -> tuple[list[Message], list[str]]:
        """The messages that are newer than `since`, and the conversations with still more."""
        self._synced = []
        synced = await self.ask(type="sync", since=since)
        return self._synced, synced.more

    def got(self, conversation: str, seq: int) -> None:
        """Report it as received, as the page does: coalesced to one frame each 200 ms."""
        if conversation not in self._reported:
            self.loop.call_later(RECEIVED_EVERY, self._report, conversation)
        self._reported[conversation] = seq

    def _report(self, conversation: str) -> None:
        seq = self._reported.pop(conversation)
        if not self.closed.done():
            self.write(encode({"type": "received", "conversation": conversation, "seq": seq}))

    async def close(self) -> None:
        assert self.transport is not None
        self.transport.send_close()
        self.transport.disconnect()
        await _within(self.closed, f"closing of {self.name}")


async def connect(server: Server, connection: Connection, cookie: bool = False) -> Connection:
    """Open `connection` as its user, by token or by session cookie, and wait for `hello`."""
    if cookie:
        headers = [("Cookie", f"sessionid={names.session(connection.name)}")]
        headers.append(("Origin", server.origin))
    else:
        headers = [("Authorization", f"Bearer {names.token(connection.name)}")]
    await ws_connect(
        lambda: connection,
        server.url,
        extra_headers=headers,
        websocket_handshake_timeout=TIMEOUT,
        use_aiofastnet=False,
    )
    await _within(connection.hello, f"hello to {connection.name}")
    return connection


async def connect_all(
    server: Server, connections: list[Any], in_flight: int = 64, cookie: bool = False
) -> None:
    """Open all of them, so many at a time."""
    waiting = iter(connections)

    async def work() -> None:
        for connection in waiting:
            await connect(server, connection, cookie)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(in_flight):
            tasks.create_task(work())


async def close_all(connections: list[Any]) -> None:
    await asyncio.gather(*(connection.close() for connection in connections))


async def _within(future: "asyncio.Future[Any]", what: str) -> Any:
    try:
        async with asyncio.timeout(TIMEOUT):
            return await future
    except TimeoutError:
        raise ClientFailed(f"no answer within {TIMEOUT:g} s: {what}") from None
