"""Keeping a connection: made, lost, and made anew after growing pauses."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from chat.client.address import Address
from chat.client.backoff import Backoff
from chat.client.connection import Connection, Frame, opened
from chat.client.errors import ClientError, Disconnected, Unreachable
from chat.client.events import Link


class Keeper:
    """Runs until it is cancelled, or the server says not to come back.

    `up(connection)` is called at each hello, `heard(frame)` for what follows, `down()` when the
    connection is lost, and `tell` with each change of it.
    """

    def __init__(
        self,
        address: Address,
        token: str,
        *,
        up: Callable[[Connection], None],
        heard: Callable[[Frame], None],
        down: Callable[[], None],
        tell: Callable[[Link], None],
    ) -> None:
        self._address, self._token = address, token
        self._up, self._heard, self._down, self._tell = up, heard, down, tell
        self._backoff = Backoff()
        self._hurry = asyncio.Event()
        self._connection: Connection | None = None
        self._online = asyncio.Event()
        self.trouble: ClientError | None = None
        """Why the last attempt failed."""

    async def run(self) -> None:
        """Raises SignedOut (Elsewhere)."""
        while True:
            self._tell(Link("connecting"))
            try:
                async with opened(self._address, self._token) as connection:
                    await self._live(connection)
                self.trouble = Disconnected("The connection was lost.")
            except Unreachable as error:
                self.trouble = error
            await self._pause()

    async def _live(self, connection: Connection) -> None:
        self._backoff.reset()
        self.trouble = None
        self._connection = connection
        self._up(connection)
        self._online.set()
        self._tell(Link("online"))
        try:
            async for frame in connection.frames():
                self._heard(frame)
        finally:
            self._online.clear()
            self._connection = None
            self._down()

    async def _pause(self) -> None:
        pause = self._backoff.next()
        self._hurry.clear()
        self._tell(Link("waiting", pause, self.trouble))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), pause)

    def hurry(self) -> None:
        """Try at once what would be tried later."""
        self._backoff.reset()
        self._hurry.set()

    # ---- using it ------------------------------------------------------------------------------

    @property
    def is_online(self) -> bool:
        return self._online.is_set()

    async def online(self, within: float) -> Connection:
        """The connection, waited for. Raises what kept it from coming within so many seconds."""
        try:
            async with asyncio.timeout(within):
                while self._connection is None:
                    await self._online.wait()
        except TimeoutError:
            raise self.trouble or Unreachable("The server did not answer in time.") from None
        return self._connection

    async def send(self, type: str, **fields: Any) -> None:
        """Raises Disconnected where there is no connection now."""
        if self._connection is None:
            raise Disconnected("There is no connection.")
        await self._connection.send(type, **fields)

    async def request_now(self, type: str, **fields: Any) -> Frame:
        """As `Connection.request`; raises Disconnected where there is no connection now."""
        if self._connection is None:
            raise Disconnected("There is no connection.")
        return await self._connection.request(type, **fields)
