"""A consumer base for sockets with much traffic.

Channels' own consumer makes a task for every event and closes old database connections before
each: about 265 of the 322 µs that a relayed message costs there. Here an event is one await,
nothing else; whoever touches a database does so in threads that look after their connections.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from channels.consumer import AsyncConsumer

from chat import life

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


async def refuse_handshake(scope: Event, receive: Receive, send: Send) -> None:
    """Answer a WebSocket handshake with HTTP 403."""
    await receive()  # websocket.connect
    await send({"type": "websocket.close"})


class LeanConsumer(AsyncConsumer):
    """Calls `connected`, `received` for every frame, and, whatever happened, `disconnected`."""

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.base_send = send
        self.life = life.begin()
        try:
            await receive()  # websocket.connect
            if await self.connected():
                await self._receive_all(receive)
        except asyncio.CancelledError:
            pass  # given up on: the server closes what is left of the connection
        finally:
            self.disconnected()
            self.life.ended()

    async def _receive_all(self, receive: Receive) -> None:
        while (event := await receive())["type"] == "websocket.receive":
            await self.received(event.get("text"))
        self.life.closing(event.get("code"))

    async def connected(self) -> bool:
        """Accept or refuse the connection; whether there is anything to receive."""
        raise NotImplementedError

    async def received(self, text: str | None) -> None:
        """Handle one frame; None stands for a binary one."""
        raise NotImplementedError

    def disconnected(self) -> None:
        raise NotImplementedError
