"""People who ask a bot, and note when the first words of its answer come and when all is there."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from picows import WSFrame, WSMsgType, WSTransport

from bench import model
from bench.client import ClientFailed, Connection, encode

BOT = "openai"
ANSWERED_WITHIN = 120.0
"""Seconds."""


class Said(Struct):
    id: str
    sender: str
    body: str
    data: dict[str, Any] | None = None


class AnswerFrame(Struct):
    type: str
    message: Said | None = None
    reply_to: str = ""
    text: str = ""
    code: str | None = None
    detail: str | None = None


_decode = msgspec.json.Decoder(AnswerFrame).decode


class Asker(Connection):
    """Asks one question at a time, and checks that what is shown of the answer grows."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.answered: asyncio.Future[None] = self.loop.create_future()
        self.asked = self.first = 0.0
        self.own = 0.0
        """Milliseconds that the model itself took to the first word."""
        self.deltas = 0
        self._question = self._shown = ""
        self._words = 0

    @property
    def to_first(self) -> float:
        """Milliseconds from the question to the first words of its answer."""
        return (self.first - self.asked) * 1000

    def ask_for(self, words: int) -> None:
        """Have the model say so many."""
        self.answered = self.loop.create_future()
        self.first, self.deltas, self._shown, self._words = 0.0, 0, "", words
        self._question = ""
        self.asked = time.perf_counter()
        body = model.question(words)
        self.write(encode({"type": "send", "id": secrets.token_hex(8), "to": BOT, "body": body}))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if not self.hello.done() or frame.msg_type != WSMsgType.TEXT:
            super().on_ws_frame(transport, frame)
            return
        found = _decode(frame.get_payload_as_memoryview())
        if found.type == "delta":
            self._grow(found)
        elif found.type == "ack" and found.message is not None:
            self._question = found.message.id
        elif found.type == "message" and found.message is not None:
            self._end(found.message)
        elif found.type == "error":
            self.fail(f"{found.code}: {found.detail}")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        super().on_ws_disconnected(transport)
        if not self.answered.done():
            lost = ClientFailed(f"{self.name} was not answered: {self._failure}")
            self.answered.set_exception(lost)
            self.answered.exception()  # seen: nobody may be waiting any more

    def _grow(self, found: AnswerFrame) -> None:
        if not found.text:
            return
        self.first = self.first or time.perf_counter()
        self.deltas += 1
        if not found.text.startswith(self._shown):
            self.fail("what was shown of the answer did not grow")
        self._shown = found.text

    def _end(self, message: Said) -> None:
        if message.sender != BOT:
            return
        if (message.data or {}).get("reply_to") != self._question:
            self.fail("an answer came to another question")
        elif len(message.body.split()) != self._words or not message.body.startswith(self._shown):
            self.fail(f"instead of {self._words} words came: {message.body[:100]}")
        else:
            self.first = self.first or time.perf_counter()  # where no delta came before all of it
            self.own = model.own_milliseconds(message.body)
            self.answered.set_result(None)


async def all_answered(askers: Sequence[Asker]) -> None:
    """Raises ClientFailed where one does not come, or is not whole."""
    try:
        async with asyncio.timeout(ANSWERED_WITHIN):
            for asker in askers:
                await asyncio.shield(asker.answered)
    except TimeoutError:
        missing = sum(not asker.answered.done() for asker in askers)
        raise ClientFailed(f"{missing} of {len(askers)} questions were not answered") from None
