"""The socket's life: accept, say hello, decode, look the command up. Nothing slow is awaited."""

import asyncio
import logging
from collections import deque

from django.db import Error

from chat import lifecycle, origin
from chat.arrivals import arrive, hello, leave
from chat.commands import commands, queries
from chat.connection import Connection
from chat.hub import hub
from chat.identity import credential_of, identities
from chat.lean import LeanConsumer
from chat.path import writer
from chat.protocol import (
    BadFrame,
    ChatError,
    Close,
    Unauthenticated,
    Unavailable,
    decode,
    encode,
    error_frame,
    id_of,
)
from chat.queries import Queries

log = logging.getLogger(__name__)

FRAMES_PER_SECOND = 1000
"""What one connection may have handled, so that no flood of small frames holds up the others."""
FRAMES_BURST = 2000
PACED = 32
BAD_FRAMES = 10
"""Bad frames within BAD_FRAMES_WITHIN seconds that end a connection."""
BAD_FRAMES_WITHIN = 60.0


class ChatConsumer(LeanConsumer):
    """One WebSocket at /ws/chat/."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.bad_frames: deque[float] = deque(maxlen=BAD_FRAMES)
        self.frames = 0
        self.paced_until = 0.0

    async def connected(self) -> bool:
        if not origin.allowed(self.scope):
            await self.base_send({"type": "websocket.close"})  # before accept: HTTP 403
            return False
        await self.base_send({"type": "websocket.accept"})
        if hub.closed:
            return await self._refuse(Close.RESTART)
        try:
            return await self._welcome()
        except Error as error:
            log.error("A connection could not be welcomed: %s", type(error).__name__)
            unavailable = Unavailable("The store does not answer; try again in a moment.")
            return await self._refuse(Close.RESTART, unavailable)

    async def _welcome(self) -> bool:
        await lifecycle.begin()
        credential = credential_of(self.scope["headers"])
        identity = await identities.get(credential) if credential else None
        if identity is None:
            return await self._refuse(Close.SIGNED_OUT, Unauthenticated("Sign in first."))
        if hub.closed:
            return await self._refuse(Close.RESTART)
        self.connection = arrive(identity, self.base_send)
        self.queries = Queries(self.connection)
        if (first := await hello(self.connection)) is not None:
            self.connection.open(encode(first))
        return True

    async def _refuse(self, code: int, error: ChatError | None = None) -> bool:
        self.life.closing(code)
        if error is not None:
            await self.base_send({"type": "websocket.send", "text": error_frame(error, None)})
        await self.base_send({"type": "websocket.close", "code": code})
        return False

    async def received(self, text: str | None) -> None:
        self.frames += 1
        if self.frames % PACED == 0:
            await self._pace()
        if hub.closed or self.connection is None or self.connection.closing:
            return  # what is not acked will be sent again
        try:
            self._handle(self.connection, text)
        except ChatError as error:
            self.connection.push(error_frame(error, id_of(text) if text else None))
            if isinstance(error, BadFrame) and self._too_many_bad_frames():
                self.connection.close(Close.BAD_FRAMES)
        if writer.full:
            await writer.eased()

    def _handle(self, connection: Connection, text: str | None) -> None:
        if text is None:
            raise BadFrame("A frame is text, not binary.")
        frame = decode(text)
        kind = type(frame)
        command = commands.get(kind)
        if command is not None:
            command(connection, frame)
        else:
            self.queries.submit(queries[kind], frame)

    async def _pace(self) -> None:
        """Let others have their turn; wait where frames come faster than FRAMES_PER_SECOND."""
        now = asyncio.get_running_loop().time()
        earliest = now - FRAMES_BURST / FRAMES_PER_SECOND
        self.paced_until = max(self.paced_until, earliest) + PACED / FRAMES_PER_SECOND
        await asyncio.sleep(self.paced_until - now)  # the server stops reading this socket

    def _too_many_bad_frames(self) -> bool:
        now = asyncio.get_running_loop().time()
        self.bad_frames.append(now)
        return len(self.bad_frames) == BAD_FRAMES and now - self.bad_frames[0] <= BAD_FRAMES_WITHIN

    def disconnected(self) -> None:
        if self.connection is not None:
            self.queries.forget()
            self.connection.forget()
            leave(self.connection)
