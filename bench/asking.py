"""People who ask a bot, with the chat's own client: they note when the first words of its answer
come and when all is there."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from bench import model, names
from bench.client import ClientFailed
from bench.server import Server
from chat.client import ChatClient, ClientError, Delta, Event, Link, Message, NewMessage

BOT = "openai"
ANSWERED_WITHIN = 120.0
"""Seconds."""


class Asker:
    """Asks one question at a time, and checks that what is shown of the answer grows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = self.first = 0.0
        self.own = 0.0
        """Milliseconds that the model itself took to the first word."""
        self.deltas = 0
        self._shown = ""
        self._words = 0

    async def connect(self, web: Server) -> None:
        """Raises ClientError."""
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._chat = ChatClient(web.origin, self.name, token=names.token(self.name))
        await self._chat.start()
        await self._chat.connected()
        self._listening = asyncio.create_task(self._listen(self._chat.events()))

    async def close(self) -> None:
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        await self._chat.close()

    @property
    def to_first(self) -> float:
        """Milliseconds from the question to the first words of its answer."""
        return (self.first - self.asked) * 1000

    def ask_for(self, words: int) -> None:
        """Have the model say so many."""
        self.answered = asyncio.get_running_loop().create_future()
        self.first, self.deltas, self._shown, self._words = 0.0, 0, "", words
        self.asked = time.perf_counter()
        self._question = self._chat.post(BOT, model.question(words))

    async def _listen(self, events: AsyncIterator[Event]) -> None:
        try:
            async for event in events:
                match event:
                    case Delta(text=text) if text:
                        self._grow(text)
                    case NewMessage(message, waited=False) if message.sender == BOT:
                        self._end(message)
                    case Link("waiting", error=error):
                        self._fail(f"the connection is gone: {error}")
        except ClientError as error:
            self._fail(str(error))

    def _grow(self, text: str) -> None:
        self.first = self.first or time.perf_counter()
        self.deltas += 1
        if not text.startswith(self._shown):
            self._fail("what was shown of the answer did not grow")
        self._shown = text

    def _end(self, message: Message) -> None:
        asked = self._question.result().id if self._question.done() else None
        if (message.data or {}).get("reply_to") != asked:
            self._fail("an answer came to another question")
        elif len(message.body.split()) != self._words or not message.body.startswith(self._shown):
            self._fail(f"instead of {self._words} words came: {message.body[:100]}")
        elif not self.answered.done():
            self.first = self.first or time.perf_counter()  # where no delta came before all of it
            self.own = model.own_milliseconds(message.body)
            self.answered.set_result(None)

    def _fail(self, why: str) -> None:
        if not self.answered.done():
            self.answered.set_exception(ClientFailed(f"{self.name} was not answered: {why}"))
            self.answered.exception()  # seen: nobody may be waiting any more


async def all_connected(web: Server, askers: Sequence[Asker]) -> None:
    """Raises ClientFailed where one is not."""
    try:
        await asyncio.gather(*(asker.connect(web) for asker in askers))
    except ClientError as error:
        raise ClientFailed(str(error)) from None


async def all_answered(askers: Sequence[Asker]) -> None:
    """Raises ClientFailed where one does not come, or is not whole."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN):
            for asker in askers:
                await asyncio.shield(asker.answered)
    except TimeoutError:
        missing = sum(not asker.answered.done() for asker in askers)
        raise ClientFailed(f"{missing} of {len(askers)} questions were not answered") from None
