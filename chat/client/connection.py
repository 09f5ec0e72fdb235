"""One WebSocket: frames that come, and requests with their answers."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    WebSocketException,
)

from chat.client.address import Address
from chat.client.errors import Disconnected, Elsewhere, Refused, SignedOut, Unreachable
from chat.protocol import MAX_SERVER_FRAME, Close

Frame = dict[str, Any]
GREETING = 10.0
"""Seconds from connecting to `hello`."""
QUIET, ANSWER = 10.0, 5.0
"""Seconds between pings, and for their answer: then the line counts as dead."""
REQUEST = 30.0
"""Seconds for the answer to a request: then the line counts as dead, too."""
LARGEST = 4 * MAX_SERVER_FRAME
"""Bytes; what is larger comes from no chat."""


class Connection:
    """A line that stands: `hello` has been read."""

    def __init__(self, socket: ClientConnection, hello: Frame) -> None:
        self.hello = hello
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._ids = count(1)

    async def send(self, type: str, **fields: Any) -> None:
        """Raises Disconnected."""
        try:
            await self._socket.send(json.dumps({"type": type, **fields}, ensure_ascii=False))
        except ConnectionClosed:
            raise lost() from None

    async def request(self, type: str, **fields: Any) -> Frame:
        """The answer's frame. Raises Refused (the server's error) or Disconnected."""
        id_ = fields.setdefault("id", f"r{next(self._ids)}")
        answer = self._waiting[id_] = asyncio.get_running_loop().create_future()
        try:
            await self.send(type, **fields)
            async with asyncio.timeout(REQUEST):
                return await answer
        except TimeoutError:
            await self._socket.close()  # nothing more is to be had of it: the next one heals
            raise Disconnected("The server did not answer.") from None
        finally:
            if self._waiting.get(id_) is answer:
                del self._waiting[id_]

    async def frames(self) -> AsyncIterator[Frame]:
        """All frames that answer no request, until the line is lost.

        Raises SignedOut or Elsewhere where it is not to be made anew.
        """
        try:
            async for text in self._socket:
                frame = decode(text)
                if not self._answers(frame):
                    yield frame
        except ConnectionClosed:
            pass
        finally:
            self._give_up()
        raise_for(self._socket.close_code)

    def _answers(self, frame: Frame) -> bool:
        answer = self._waiting.pop(str(frame.get("id")), None)
        if answer is None or answer.done():
            return answer is not None
        if frame["type"] == "error":
            answer.set_exception(_refused(frame))
        else:
            answer.set_result(frame)
        return True

    def _give_up(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for answer in waiting.values():
            if not answer.done():
                answer.set_exception(lost())


def lost() -> Disconnected:
    return Disconnected("The connection was lost before the answer.")


def decode(text: str | bytes) -> Frame:
    """Raises Unreachable for what is no frame: whoever answers there is no chat."""
    try:
        frame = json.loads(text)
    except ValueError:
        frame = None
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise Unreachable("What answers there does not speak this chat's protocol.")
    return frame


def _refused(frame: Frame) -> Refused:
    return Refused(str(frame.get("code")), str(frame.get("detail")), frame.get("retry_after"))


def raise_for(close_code: int | None) -> None:
    if close_code == Close.SIGNED_OUT:
        raise SignedOut("You are signed out: the token is not good (any more).")
    if close_code == Close.TOO_MANY:
        raise Elsewhere("The chat is open in too many places.")


@asynccontextmanager
async def opened(address: Address, token: str) -> AsyncIterator[Connection]:
    """A connection that has said hello. Raises Unreachable, SignedOut, Elsewhere."""
    socket = await _open(address, token)
    try:
        yield Connection(socket, await _greeting(socket))
    finally:
        await socket.close()


async def _open(address: Address, token: str) -> ClientConnection:
    try:
        tls = await asyncio.to_thread(address.tls)
        return await connect(
            address.socket,
            additional_headers={"Authorization": f"Bearer {token}"},
            ssl=tls,
            proxy=None if address.is_local else True,
            ping_interval=QUIET,
            ping_timeout=ANSWER,
            close_timeout=2,
            max_size=LARGEST,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        raise Unreachable(f"{address.url} answered with HTTP {status}.") from None
    except ssl.SSLCertVerificationError as error:
        said = error.verify_message
        raise Unreachable(f"The certificate of {address.url} is not trusted: {said}.") from None
    except (InvalidHandshake, OSError) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise Unreachable(f"{address.url} does not answer: {said}.") from None


async def _greeting(socket: ClientConnection) -> Frame:
    try:
        async with asyncio.timeout(GREETING):
            while (frame := decode(await socket.recv()))["type"] != "hello":
                pass  # `unauthenticated` comes before the closing that says the same
    except (TimeoutError, WebSocketException):
        raise_for(socket.close_code)
        raise Unreachable("The server took the connection and said nothing.") from None
    return frame
