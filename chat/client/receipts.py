"""“Received” and “read”: told to the server at most every fifth of a second per conversation."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from chat.client.errors import Disconnected
from chat.client.known import Known
from chat.protocol import Conversation

PACE = 0.2
"""Seconds."""
KINDS = ("received", "read")


class Receipts:
    """`send` sends a frame; where that fails, it is told after the next hello."""

    def __init__(self, known: Known, send: Callable[..., Coroutine[Any, Any, None]]) -> None:
        self._known = known
        self._send = send
        self._due: dict[tuple[str, str], asyncio.Task[None]] = {}

    def tell(self, kind: str, conversation: str, seq: int) -> None:
        """`kind` is “received” or “read”; what was read was received."""
        if kind == "read":
            self._move("received", conversation, seq)
        self._move(kind, conversation, seq)

    def _move(self, kind: str, conversation: str, seq: int) -> None:
        known = self._known.of(conversation)
        if seq <= getattr(known, f"{kind}_seq"):
            return
        self._known.moved(kind, conversation, self._known.me, seq)
        self._tell_soon(kind, conversation, PACE)

    def _tell_soon(self, kind: str, conversation: str, pace: float) -> None:
        if (kind, conversation) not in self._due:
            task = asyncio.create_task(self._post(kind, conversation, pace))
            self._due[kind, conversation] = task

    async def _post(self, kind: str, conversation: str, pace: float) -> None:
        await asyncio.sleep(pace)
        del self._due[kind, conversation]
        seq = getattr(self._known.of(conversation), f"{kind}_seq")
        with contextlib.suppress(Disconnected):
            await self._send(kind, conversation=conversation, seq=seq)

    def repeat(self, told: Conversation) -> None:
        """After a hello: tell again what the server, by its own word, has not heard."""
        known = self._known.of(told.id)
        for kind in KINDS:
            if getattr(known, f"{kind}_seq") > getattr(told, f"{kind}_seq"):
                self._tell_soon(kind, told.id, 0)

    async def flush(self) -> None:
        """Tell at once what is due."""
        due, self._due = self._due, {}
        for task in due.values():
            task.cancel()
        for kind, conversation in due:
            seq = getattr(self._known.of(conversation), f"{kind}_seq")
            try:
                await self._send(kind, conversation=conversation, seq=seq)
            except Disconnected:
                return
