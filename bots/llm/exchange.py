"""One request to the model's server, and what came of it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bots.connection import Connection
from bots.failures import Failure, Outcome
from bots.llm import clients, troubles
from bots.llm.prompt import Used
from bots.llm.requests import most_bytes, opens_with_tools
from bots.llm.said import Said

if TYPE_CHECKING:
    from openai import AsyncAPIResponse

PAUSE = 0.5
"""Seconds before the second attempt, where the server names no time."""
GRACE = 2.0
"""Seconds for what may follow an answer's end: the count of its tokens."""


class Exchange:
    """Begins with its making. A second attempt is made where nothing had come by the first."""

    def __init__(
        self, connection: Connection, body: dict[str, Any], used: Used, deadline: float
    ) -> None:
        """`deadline`, by the loop's clock, is the whole answer's; `used` is added to."""
        self.said = Said()
        self._connection, self._body, self._used = connection, body, used
        self._is_charged = False
        self._bytes_left = 0
        self._deadline = deadline
        self._limit = min(deadline, _now() + settings.BOT_FIRST_TOKEN_TIMEOUT)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """The text, as it comes. Raises Failure."""
        for is_last in (False, True):
            try:
                async with aclosing(self._attempt()) as pieces:
                    async for piece in pieces:
                        yield piece
                return
            except troubles.Passing as failure:
                if self.said.has_begun:
                    raise Failure(Outcome.CUT_OFF, failure.reason) from None
                if is_last:
                    raise
                await self._pause(failure)

    async def _pause(self, failure: troubles.Passing) -> None:
        """Raises the failure where there is no time for the pause."""
        pause = PAUSE if failure.after is None else failure.after
        if _now() + pause >= self._limit:
            raise failure
        await asyncio.sleep(pause)

    async def _attempt(self) -> AsyncGenerator[str, None]:
        self.said = Said()
        self._is_charged = True
        self._bytes_left = most_bytes(self._body)
        try:
            async with AsyncExitStack() as stack:
                parts = (await self._open(stack)).iter_bytes()
                while (part := await self._next(parts)) and self._has_room(part):
                    for piece in self.said.pieces(part):
                        yield piece
                    self._set_limit()
        finally:
            if self._is_charged:
                self._count()
        if self.said.finish is None:
            raise troubles.Passing(Outcome.CUT_OFF, "no finish_reason")

    async def _open(self, stack: AsyncExitStack) -> "AsyncAPIResponse[Any]":
        """Send the request, and wait for the server's word that it answers."""
        import httpx2
        import openai

        try:
            async with asyncio.timeout_at(self._limit):
                client = await clients.get(self._connection)
                timeout = httpx2.Timeout(None, connect=settings.BOT_CONNECT_TIMEOUT)
                sent = client.chat.completions.with_streaming_response.create(
                    model=self._connection.model,
                    messages=[],
                    stream=True,
                    extra_body=self._body,  # its own arguments it walks through: 130 µs a message
                    timeout=timeout,
                )
                response = await stack.enter_async_context(sent)
        except TimeoutError:
            raise self._too_slow() from None
        except openai.APIStatusError as error:
            self._is_charged = False
            raise troubles.of_status(error, opens_with_tools(self._body)) from None
        except troubles.broken() as error:
            self._is_charged = False
            raise troubles.of_connection(error) from None
        if not troubles.is_stream(response.headers.get("content-type", "")):
            self._is_charged = False
            raise Failure(Outcome.REFUSED, "no stream but a page: is the base URL right?")
        return response

    async def _next(self, parts: AsyncIterator[bytes]) -> bytes | None:
        """None at the end. What goes wrong after the answer's end does not matter."""
        try:
            async with asyncio.timeout_at(self._limit):
                return await anext(parts, None)
        except TimeoutError:
            failure = self._too_slow()
        except troubles.broken() as error:
            failure = troubles.of_connection(error)
        if self.said.finish is None:
            raise failure
        return None

    def _has_room(self, part: bytes) -> bool:
        """False where it goes on after the answer's end. Raises Failure."""
        self._bytes_left -= len(part)
        if self._bytes_left < 0 and self.said.finish is None:
            raise Failure(Outcome.TOO_LONG, "more bytes than an answer of so many tokens has")
        return self._bytes_left >= 0

    def _too_slow(self) -> Failure:
        return Failure(Outcome.TOO_SLOW, "no end" if self.said.has_begun else "no first token")

    def _set_limit(self) -> None:
        """For what comes next."""
        if self.said.finish is not None:
            self._limit = min(self._deadline, _now() + GRACE)
        elif self.said.has_begun:
            self._limit = self._deadline

    def _count(self) -> None:
        prompt, answer = self.said.tokens(self._body)
        self._used.prompt_tokens += prompt
        self._used.answer_tokens += answer


def _now() -> float:
    return asyncio.get_running_loop().time()
