"""For pipes and scripts: lines in are messages to send, messages that come are lines out.

The formats are a promise, and stand in docs/client.md.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from enum import IntEnum
from typing import TextIO

import msgspec

from chat.client.client import ChatClient
from chat.client.errors import ClientError, Refused
from chat.client.events import ChangedMessage, Event, NewMessage
from chat.client.lines import lines_of
from chat.client.safe import clean
from chat.client.typed import Command, Say, parse
from chat.protocol import Message

AHEAD = 1_000
"""Messages read from standard input that are not acked."""


class Exit(IntEnum):
    OK = 0
    REFUSED = 1
    """A line was not sent; standard error says which and why."""
    USAGE = 2
    SIGNED_OUT = 3
    UNREACHABLE = 4


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """A line of input in JSON."""

    to: str
    body: str
    id: str | None = None


class Plain:
    """Reads `source` to its end, and waits until all of it is acked; with `follow` it then goes
    on to print."""

    def __init__(
        self, chat: ChatClient, *, to: str | None, as_json: bool, follow: bool,
        source: AsyncIterator[str] | None = None,
        out: TextIO = sys.stdout, err: TextIO = sys.stderr,
    ) -> None:  # fmt: skip
        self._chat = chat
        self._to = to
        self._json = as_json
        self._follow = follow
        self._source = source or lines_of(sys.stdin.fileno())
        self._out, self._err = out, err
        self._room = asyncio.Semaphore(AHEAD)
        self._refused = False

    async def run(self) -> Exit:
        """Raises SignedOut and Unreachable."""
        events = self._chat.events()
        printing = asyncio.create_task(self._print_all(events))
        printing.add_done_callback(_look)
        await self._chat.connected()
        feeding = asyncio.create_task(self._feed())
        await asyncio.wait([printing, feeding], return_when=asyncio.FIRST_COMPLETED)
        if feeding.done():
            feeding.result()
            await self._finish(printing)
        feeding.cancel()
        await _end(printing)
        return Exit.REFUSED if self._refused else Exit.OK

    async def _finish(self, printing: "asyncio.Task[None]") -> None:
        await self._chat.flush()
        await self._chat.caught_up()
        if self._follow:
            await printing

    # ---- in ------------------------------------------------------------------------------------

    async def _feed(self) -> None:
        number = 0
        async for line in self._source:
            number += 1
            if line.strip():
                await self._room.acquire()
                self._send(number, line)

    def _send(self, number: int, line: str) -> None:
        try:
            to, body, id_ = self._read(line)
            sent = self._chat.post(to, body, id_)
        except ValueError as error:
            self._refuse(number, str(error))
            self._room.release()
        else:
            sent.add_done_callback(lambda done: self._sent(number, done))

    def _read(self, line: str) -> tuple[str, str, str | None]:
        """Raises ValueError, saying what would be right."""
        if self._json:
            return _from_json(line)
        if self._to:
            return self._to, line, None
        typed = parse(line)
        if isinstance(typed, Command) or not isinstance(typed, Say) or typed.to is None:
            raise ValueError("it says nobody to send to: write “bob: hello”, or use --to")
        return typed.to, typed.body, None

    def _sent(self, number: int, done: "asyncio.Future[Message]") -> None:
        self._room.release()
        error = None if done.cancelled() else done.exception()
        if isinstance(error, Refused):
            self._refuse(number, error.detail)

    def _refuse(self, number: int, why: str) -> None:
        self._refused = True
        self._err.write(f"p2p-chat: line {number} was not sent: {clean(why)}\n")

    # ---- out -----------------------------------------------------------------------------------

    async def _print_all(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            if isinstance(event, NewMessage) and event.message.sender != self._chat.name:
                self._print(event.message)
                self._chat.received(event.message)
            elif isinstance(event, ChangedMessage) and self._json:
                self._print(event.message)

    def _print(self, message: Message) -> None:
        """Raises BrokenPipeError where nobody reads on; what is not out is not received."""
        line = _as_json(message) if self._json else as_line(message)
        self._out.write(line + "\n")
        self._out.flush()


def as_line(message: Message) -> str:
    """Time, conversation, sender and body, parted by tabs; line ends and backslashes in the body
    are escaped, and control characters are not raw."""
    body = message.body.replace("\\", "\\\\").replace("\r\n", "\n")
    body = clean(body.replace("\t", "\\t")).replace("\n", "\\n")
    return "\t".join([message.sent_at, message.conversation, message.sender, body])


def _as_json(message: Message) -> str:
    """ASCII alone, so that nothing in it acts on a terminal."""
    return json.dumps(msgspec.to_builtins(message))


def _from_json(line: str) -> tuple[str, str, str | None]:
    try:
        found = msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError):
        raise ValueError('it is not like {"to": "bob", "body": "hello"}') from None
    return found.to, found.body, found.id


def _look(task: "asyncio.Task[None]") -> None:
    """Its failure is that of whatever else is awaited."""
    if not task.cancelled():
        task.exception()


async def _end(printing: "asyncio.Task[None]") -> None:
    """Let what has come be printed, and raise what ended it."""
    await asyncio.sleep(0)
    if not printing.done():
        printing.cancel()
    try:
        await printing
    except asyncio.CancelledError:
        return


def code_of(error: ClientError) -> Exit:
    """What the program ends with after `error`."""
    if error.code in ("unauthenticated", "too_many"):
        return Exit.SIGNED_OUT
    return Exit.REFUSED if isinstance(error, Refused) else Exit.UNREACHABLE
