"""A client for tests, on the `websockets` library: sends frames and waits for those it expects."""

import asyncio
import json
import uuid
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame as SocketFrame
from websockets.frames import Opcode

Frame = dict[str, Any]
WITHIN = 60.0
"""Seconds that anything may take: a machine that has too much to do may stall for many. A test that
passes never waits for this long."""
LAST_LOOK = 0.1
"""Seconds, when the time is over: what came while the test itself stood still is here, unread."""
OUTSTANDING = 50
"""Messages sent before their acks are read: the acks of more large ones fill the buffers."""


class NoFrame(AssertionError):
    """The frame that was expected did not come, or the server closed before it."""


class Socket(ClientConnection):
    """The library's connection, which also notes the server's pings (it answers them itself)."""

    pings = 0

    def process_event(self, event: Any) -> None:
        super().process_event(event)
        if isinstance(event, SocketFrame) and event.opcode is Opcode.PING:
            self.pings += 1


def open_socket(
    host: str,
    *,
    token: str | None = None,
    session: str | None = None,
    origin: str | None = None,
    called: str | None = None,
    path: str = "/ws/chat/",
    **options: Any,
) -> connect:
    """A WebSocket to the chat at `host`, not yet open; `options` go to `websockets`.

    `called` is what the `Host` header says instead.
    """
    headers: dict[str, str] = {}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    if session is not None:
        headers["Cookie"] = f"sessionid={session}"
    if origin is not None:
        headers["Origin"] = origin
    if "sock" not in options:
        address, _, port = host.rpartition(":")
        options |= {"host": address, "port": int(port)}
    return connect(
        f"ws://{called or host}{path}",
        additional_headers=headers,
        **{
            "compression": None,
            "proxy": None,
            "create_connection": Socket,
            "max_size": None,
            "max_queue": None,
            "ping_interval": None,
            "open_timeout": WITHIN,
            "close_timeout": 2,
            **options,
        },
    )


def matches(value: Any, wanted: Any) -> bool:
    """Whether `value` is `wanted`; of a wanted object, only the fields named are compared."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(name in value and matches(value[name], wanted[name]) for name in wanted)
    return bool(value == wanted)


class Client:
    """One connection. Frames that nobody asked for yet are kept, in their order."""

    hello: Frame

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.largest = 0
        """Bytes of the largest frame so far."""
        self._kept: list[Frame] = []
        self._given: set[str] = set()
        """Messages that the test has had."""

    @property
    def pings(self) -> int:
        """The server's own pings so far."""
        assert isinstance(self.socket, Socket)
        return self.socket.pings

    # ---- sending -------------------------------------------------------------------------------

    async def send_raw(self, data: str | bytes) -> None:
        await self.socket.send(data)

    async def send(self, type: str, **fields: Any) -> None:
        await self.send_raw(json.dumps({"type": type, **fields}, ensure_ascii=False))

    async def request(self, type: str, **fields: Any) -> Frame:
        """Send with a new id and give the frame that answers it, an `error` too."""
        id = fields.setdefault("id", new_id())
        await self.send(type, **fields)
        return await self.expect(id=id)

    async def send_text(self, to: str, body: str, id: str | None = None) -> Frame:
        """Send a message and give it as the `ack` shows it."""
        answer = await self.request("send", to=to, body=body, id=id or new_id())
        assert answer["type"] == "ack", answer
        message: Frame = answer["message"]
        return message

    async def send_texts(self, to: str, bodies: list[str]) -> list[Frame]:
        """Send many, OUTSTANDING at a time; the messages as the acks show them."""
        messages: list[Frame] = []
        for some in batched(bodies, OUTSTANDING):
            ids = [new_id() for _ in some]
            for id, body in zip(ids, some, strict=True):
                await self.send("send", id=id, to=to, body=body)
            messages += [(await self.expect("ack", id=id))["message"] for id in ids]
        return messages

    async def refused(self, type: str, **fields: Any) -> Frame:
        """Send what must be refused; gives the `error`."""
        answer = await self.request(type, **fields)
        assert answer["type"] == "error", answer
        return answer

    # ---- receiving -----------------------------------------------------------------------------

    async def expect(self, type: str | None = None, within: float = WITHIN, **fields: Any) -> Frame:
        """The next frame of this type whose fields have these values; waits for it."""
        wanted = fields if type is None else {"type": type, **fields}
        for position, frame in enumerate(self._kept):
            if matches(frame, wanted):
                return self._give(self._kept.pop(position))
        for seconds in (within, LAST_LOOK):
            try:
                async with asyncio.timeout(seconds):
                    while not matches(frame := await self._receive(), wanted):
                        self._kept.append(frame)
                return self._give(frame)
            except TimeoutError:
                continue
            except ConnectionClosed as closed:
                raise NoFrame(f"{closed} instead of {wanted}; got {self._kept}") from None
        raise NoFrame(f"No {wanted} within {within} s; got {self._kept}")

    def _give(self, frame: Frame) -> Frame:
        if frame["type"] == "message":
            self._given.add(json.dumps(frame))
        return frame

    async def _receive(self) -> Frame:
        data = await self.socket.recv()
        assert isinstance(data, str), "the server sent a binary frame"
        self.largest = max(self.largest, len(data.encode()))
        frame: Frame = json.loads(data)
        return frame

    async def barrier(self) -> None:
        """Return once all that the server had written to this connection is here."""
        answer = await self.request("ping")
        assert answer["type"] == "pong", answer

    async def seen(self, type: str, **fields: Any) -> list[Frame]:
        """All frames of this type that have come by now, taken out of what is kept."""
        await self.barrier()
        found = [frame for frame in self._kept if matches(frame, {"type": type, **fields})]
        self._kept = [frame for frame in self._kept if frame not in found]
        return [self._give(frame) for frame in found]

    async def nothing(self, type: str, **fields: Any) -> None:
        """Make sure that no such frame has come; a message that was had may come twice."""
        had = set(self._given)
        found = await self.seen(type, **fields)
        assert [frame for frame in found if json.dumps(frame) not in had] == []

    async def nothing_about(self, text: str) -> None:
        """Make sure that no frame that has come holds `text` anywhere."""
        await self.barrier()
        assert [frame for frame in self._kept if text in json.dumps(frame)] == []

    async def everything(self, within: float = WITHIN) -> list[Frame]:
        """All frames until the server closes."""
        try:
            async with asyncio.timeout(within):
                while True:
                    self._kept.append(await self._receive())
        except TimeoutError:
            raise AssertionError(f"Not closed within {within} s; got {self._kept}") from None
        except ConnectionClosed:
            kept, self._kept = self._kept, []
            return kept

    async def closed(self, within: float = WITHIN) -> int:
        """Wait until the server closes; gives the code it closed with."""
        self._kept = await self.everything(within)
        code = self.socket.close_code
        assert code is not None
        return code


def batched(items: list[str], size: int) -> list[list[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def new_id() -> str:
    return uuid.uuid4().hex
