"""What one event stream writes: the frames of its connection as events, each message once and in
the order of its conversation, whatever was missed meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

import msgspec
from msgspec import Struct

from chat.events import missed
from chat.events.missed import Missed
from chat.events.position import Position
from chat.ids import time_of
from chat.lean import Event, Send
from chat.permissions import still_theirs
from chat.protocol import (
    ChangedFrame,
    Close,
    Conversation,
    Message,
    MessageFrame,
    encode,
    parse_time,
    raw,
)
from chat.threads import read_in_turn

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)
HEARTBEAT = b": I am here\n\n"


class _Named(Struct):
    """As much of a message as says its place."""

    id: str
    conversation: str
    seq: int


class _Frame(Struct):
    type: str
    message: _Named | None = None
    number: int = 0
    conversation: msgspec.Raw = msgspec.Raw()


class _Closed(Struct):
    code: int


_frames = msgspec.json.Decoder(_Frame)


class Stream:
    """Takes a connection's frames, one after another, and writes to a response that has begun.

    `over` is set when nothing more is to be written.
    """

    def __init__(self, account: str, position: Position, send: Send, over: asyncio.Event) -> None:
        self.conversations: list[Conversation] = []
        """Those of the hello."""
        self.on_progress: Callable[[], object] = lambda: None
        """Called whenever the client has taken something: one frame can have much told."""
        self._over = over
        self._account = account
        self._position = position
        self._since = position.at  # of what came up later, all by then is told
        self._send = send

    async def take(self, event: Event) -> None:
        """What the connection sends, as if it were a WebSocket."""
        try:
            if event["type"] == "websocket.close":
                await self.end(event["code"])
            else:
                await self._take(event["text"])
        except (OSError, RuntimeError):
            raise  # the client is gone: the connection looks after that
        except Exception as error:  # whatever it is: a stream that tells nothing more must not stay
            log.error("A stream ended: %s", type(error).__name__)
            await self.end(Close.RESTART)  # the client goes on where it was

    async def _take(self, text: str) -> None:
        frame = _frames.decode(text)
        if frame.type == "hello":
            await self._greet(text)
        elif frame.type == "resync":
            self._position.fall_behind()
            await self._catch_up()
        elif frame.type == "message" and frame.message is not None:
            await self._live(frame.message, text)
        elif frame.type == "changed" and frame.message is not None:
            await self._changed(frame.message.conversation, frame.number, text)
        elif frame.type == "conversation":
            await self._show(msgspec.json.decode(frame.conversation, type=Conversation), text)
        else:
            self._heed(frame)
            await self._write(frame.type, text)

    async def _greet(self, hello: str) -> None:
        """Tell the hello, then what is newer than the position; live frames wait behind it."""
        if not self._position.is_behind:
            self._start()
        await self._write("hello", hello, str(self._position))
        await self._catch_up()
        self._start()

    async def beat(self) -> None:
        """Have those on the way know that the stream is alive."""
        await self._send_body(HEARTBEAT)

    async def _show(self, shown: Conversation, text: str) -> None:
        """Between joining and hearing of it something may have happened."""
        await self._begin(shown.id)
        await self._write("conversation", text)
        await self._fill(shown.id, shown.last_seq + 1)
        await self._fill_changes(shown.id, shown.changes + 1)

    async def _live(self, message: _Named, text: str) -> None:
        told = self._position.seqs
        await self._begin(message.conversation)
        if not told.knows(message.conversation, message.seq):
            await self._fill(message.conversation, message.seq)
            told.note(message.conversation, message.seq, time_of(message.id))
            await self._write("message", text, str(self._position))

    async def _changed(self, conversation: str, number: int, text: str) -> None:
        told = self._position.changes
        await self._begin(conversation)
        if not told.knows(conversation, number):
            await self._fill_changes(conversation, number)
            told.note(conversation, number)
            await self._write("changed", text, str(self._position))

    async def _begin(self, conversation: str) -> None:
        """Know from where on there is something to tell, also of what came up later."""
        seqs, changes = self._position.seqs, self._position.changes
        if conversation not in seqs.last or conversation not in changes.last:
            start = await self._read(missed.start, conversation, self._since)
            seqs.begin(conversation, start.seq)
            changes.begin(conversation, start.change)

    async def _fill(self, conversation: str, seq: int) -> None:
        """What overtook others waits for them."""
        told = self._position.seqs.last[conversation]
        while told < seq - 1 and (
            found := await self._read(missed.between, conversation, told, seq)
        ):
            await self._tell(found)
            told = found[-1].seq

    async def _fill_changes(self, conversation: str, number: int) -> None:
        told = self._position.changes.last[conversation]
        while told < number - 1 and (
            found := await self._read(missed.changes_between, conversation, told, number)
        ):
            await self._tell_again(found)
            told = found[-1].number

    async def _catch_up(self) -> None:
        """Tell what is newer than the position; the live frames since wait behind it.

        Messages come in the order of time, and the position goes on with them, so that who breaks
        off gets further each time. It says of changes, too, up to when they are told: these come
        first, and once more those made meanwhile.
        """
        if self._position.is_behind:
            self._position.begin()
            last = await self._tell_changes(0)
            await self._tell_missed()
            await self._tell_changes(last)
            self._position.catch_up()

    async def _tell_missed(self) -> None:
        at, told = self._position.at, dict(self._position.seqs.last)
        since = await self._read(missed.behind, at, told)
        while messages := await self._read(missed.newer, since):
            since |= {message.conversation: message.seq for message in messages}
            await self._tell(messages)
        for conversation, seq in since.items():
            self._position.seqs.start(conversation, seq, 0)

    async def _tell_changes(self, last: int) -> int:
        """Beyond the key `last`; gives that of the last one told."""
        at = self._position.at
        while found := await self._read(missed.changes, at, last):
            last = found[-1].key
            await self._tell_again(found)
        return last

    async def _tell(self, messages: list[Message]) -> None:
        for message in still_theirs(self._account, messages):
            self._position.tell(message)
            await self._write("message", encode(MessageFrame(raw(message))), str(self._position))

    async def _tell_again(self, changes: list[Missed]) -> None:
        told = self._position.changes
        for _, number, message in changes:
            known = told.knows(message.conversation, number)
            for theirs in still_theirs(self._account, [] if known else [message]):
                told.note(message.conversation, number)
                frame = encode(ChangedFrame(raw(theirs), number))
                await self._write("changed", frame, str(self._position))

    def _start(self) -> None:
        """What was there before the stream began is not told by it."""
        for conversation in self.conversations:
            at = int(parse_time(conversation.last_at).timestamp() * 1000) + 1
            self._position.seqs.start(conversation.id, conversation.last_seq, at)
            self._position.changes.start(conversation.id, conversation.changes, 0)

    def _heed(self, frame: _Frame) -> None:
        """Who comes back to a conversation begins anew."""
        if frame.type == "left":
            conversation = msgspec.json.decode(frame.conversation, type=str)
            self._position.seqs.forget(conversation)
            self._position.changes.forget(conversation)

    async def end(self, code: int) -> None:
        """Say so, with the code that a WebSocket would be closed with."""
        reason = msgspec.json.encode(_Closed(code)).decode()
        await self._send_body(_event("closed", reason), more=False)
        self._over.set()

    def _read(self, query: Callable[Concatenate[str, P], T], *args: P.args, **kwargs: P.kwargs
              ) -> Awaitable[T]:  # fmt: skip
        return read_in_turn(self._account, query, self._account, *args, **kwargs)

    async def _write(self, kind: str, data: str, id: str | None = None) -> None:
        await self._send_body(_event(kind, data, id))

    async def _send_body(self, body: bytes, more: bool = True) -> None:
        if not self._over.is_set():
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
            self.on_progress()


def _event(kind: str, data: str, id: str | None = None) -> bytes:
    named = f"id: {id}\n" if id is not None else ""
    return f"event: {kind}\n{named}data: {data}\n\n".encode()
