"""One socket's outgoing side: a bounded queue and the task that empties it."""

import asyncio
from collections import deque
from collections.abc import Callable

from chat import life, metrics
from chat.identity import Identity
from chat.lean import Send
from chat.protocol import Close

MAX_QUEUED = 1024 * 1024 - 300 * 1024
"""Bytes of frames that may wait; with the largest frame on top that stays below 1 MiB."""
CLOSE_GRACE = 10.0
"""Seconds that a peer which does not read has to take its closing frame."""


class Connection:
    """Queues frames for one socket and sends them in order.

    Nobody waits for a slow peer: `push` returns at once, and a queue that grows too long closes
    the socket. Frames pushed before `open` come after the first frame.
    """

    __slots__ = ("_hints", "_opened", "_pump", "_queue", "_queued", "_send", "_sending_since",
                 "closing", "identity", "life", "on_abort", "on_close", "viewed",
                 "watching")  # fmt: skip

    def __init__(
        self,
        identity: Identity,
        send: Send,
        on_close: Callable[["Connection"], None],
        on_abort: Callable[[], object],
    ) -> None:
        self.identity = identity
        self.life = life.current()
        self.life.opened(identity.name)
        self.on_close = on_close
        self.on_abort = on_abort
        self.watching: frozenset[str] = frozenset()
        self.viewed: dict[str, None] = {}
        self._send = send
        self._queue: deque[str | int] = deque()
        self._queued = 0
        self._hints: dict[str, str] = {}
        self._pump: asyncio.Task[None] | None = None
        self._sending_since = 0.0
        self._opened = False
        self.closing = False

    @property
    def account(self) -> str:
        return self.identity.name

    @property
    def is_open(self) -> bool:
        """Whether its first frame is on its way."""
        return self._opened

    @property
    def queued(self) -> int:
        """Bytes of frames that wait for the peer."""
        return self._queued

    def open(self, first_frame: str) -> None:
        """Send `first_frame`, then whatever was pushed meanwhile."""
        self._queue.appendleft(first_frame)
        self._queued += _size(first_frame)
        self._opened = True
        self._start()

    def push(self, frame: str) -> None:
        """Queue `frame`; where too much waits already, close with 4408 instead."""
        if self._hints and not self.closing:
            self._push_hints()  # they came before
        if self.closing:
            return
        if self._queued > MAX_QUEUED:
            metrics.dropped_frames.inc(len(self._queue) + 1)
            self._queue.clear()
            self.close(Close.TOO_SLOW)
            return
        self._queue.append(frame)
        self._queued += _size(frame)
        if self._pump is None and self._opened:
            self._start()

    def hint(self, about: str, frame: str) -> None:
        """Queue what the next frame about the same replaces: of those that wait, the last alone."""
        if self._queued:
            self._hints[about] = frame
        else:
            self.push(frame)

    def close(self, code: int) -> None:
        """Send what is queued, then close with `code`; give up on a peer that does not read."""
        if self.closing:
            return
        self.closing = True
        self.life.closing(code)
        self.on_close(self)
        if not self._opened:
            self._queue.clear()  # live frames that were to follow the first one
        self._queue.append(code)
        self._opened = True
        self._start()
        asyncio.get_running_loop().call_later(CLOSE_GRACE, self.on_abort)

    def stalled(self, seconds: float) -> bool:
        """Whether a frame has been waiting for the peer to read for so long."""
        now = asyncio.get_running_loop().time()
        return self._pump is not None and now - self._sending_since > seconds

    def progressed(self) -> None:
        """The peer has read some of what one frame became."""
        self._sending_since = asyncio.get_running_loop().time()

    def forget(self) -> None:
        """The socket is gone: nothing more can be sent."""
        self.closing = True
        self._queue.clear()
        if self._pump is not None:
            self._pump.cancel()

    async def drained(self) -> None:
        """Wait until all that is queued was handed to the network: the pace of the reader."""
        while self._pump is not None:
            await asyncio.wait([self._pump])

    def _start(self) -> None:
        if self._pump is None:
            loop = asyncio.get_running_loop()
            self._sending_since = loop.time()
            self._pump = loop.create_task(self._empty())

    async def _empty(self) -> None:
        queue, send, now = self._queue, self._send, asyncio.get_running_loop().time
        try:
            while queue:
                frame = queue.popleft()
                self._sending_since = now()
                if isinstance(frame, int):
                    await send({"type": "websocket.close", "code": frame})
                    return
                await send({"type": "websocket.send", "text": frame})
                self._queued -= _size(frame)
                if self._hints and not queue:
                    self._push_hints()
        except (OSError, RuntimeError):  # the socket is gone, or closing by itself
            queue.clear()
            self.closing = True
            self.on_close(self)
            self.on_abort()
        finally:
            self._pump = None

    def _push_hints(self) -> None:
        hints, self._hints = self._hints, {}
        for frame in hints.values():
            self.push(frame)


def _size(frame: str) -> int:
    """The bytes of a frame; for most of them (ASCII) without encoding it."""
    return len(frame) if frame.isascii() else len(frame.encode())
