"""The queries of one connection: one after another, in the order asked, beside its other frames."""

import asyncio
import logging
from collections import deque

from chat.commands.registry import Query
from chat.connection import Connection
from chat.protocol import ChatError, RateLimited, Request, Unavailable, encode, error_frame

log = logging.getLogger(__name__)

MAX_WAITING = 16
"""Queries that may wait on one connection."""


class Queries:
    __slots__ = ("_connection", "_task", "_waiting")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: deque[tuple[Query, Request]] = deque()
        self._task: asyncio.Task[None] | None = None

    def submit(self, query: Query, frame: Request) -> None:
        """Have `frame` answered in its turn; raises RateLimited where too many wait."""
        if len(self._waiting) >= MAX_WAITING:
            raise RateLimited(
                f"At most {MAX_WAITING} questions may wait; ask on when some are answered.",
                retry_after=1.0,
            )
        self._waiting.append((query, frame))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._answer_all())

    def forget(self) -> None:
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    async def _answer_all(self) -> None:
        try:
            while self._waiting:
                query, frame = self._waiting.popleft()
                self._connection.push(await self._answer(query, frame))
                await self._connection.drained()
        finally:
            self._task = None

    async def _answer(self, query: Query, frame: Request) -> str:
        try:
            return encode(await query(self._connection, frame))
        except ChatError as error:
            return error_frame(error, frame.id)
        except Exception as error:  # whatever it is, it must not cost the queries behind it
            log.error("A query failed: %s", type(error).__name__)
            return error_frame(Unavailable("The store did not answer; ask again."), frame.id)
