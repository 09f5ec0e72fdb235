"""What a client is told, and how it comes to whoever iterates over it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from chat.client.errors import ClientError
from chat.protocol import Conversation, Message, Person


@dataclass(frozen=True)
class NewMessage:
    """A message, one's own too: each once, those of a conversation in the order of their seq.
    `waited`: it was stored before this client was connected."""

    message: Message
    waited: bool = False


@dataclass(frozen=True)
class ChangedMessage:
    """A message that was edited or deleted (its kind is then “deleted”), as it is now."""

    message: Message


@dataclass(frozen=True)
class Skipped:
    """More is missing than the client's `backlog`: what comes begins after this seq, and what is
    before it is had by `history`."""

    conversation: str
    seq: int


@dataclass(frozen=True)
class ConversationChanged:
    """One has come into it, or something of it is new: title, cursors, unread."""

    conversation: Conversation


@dataclass(frozen=True)
class Left:
    conversation: str


@dataclass(frozen=True)
class Presence:
    people: list[Person]


@dataclass(frozen=True)
class Typing:
    conversation: str
    user: str


@dataclass(frozen=True)
class Delta:
    """A bot's answer so far, all of it; the stored message takes its place."""

    conversation: str
    sender: str
    reply_to: str
    text: str


@dataclass(frozen=True)
class CursorMoved:
    """How far somebody has received or read a conversation."""

    kind: Literal["received", "read"]
    conversation: str
    user: str
    seq: int


@dataclass(frozen=True)
class Link:
    """The connection: “connecting”, “online”, “waiting” (for `pause` seconds), “ended”."""

    phase: Literal["connecting", "online", "waiting", "ended"]
    pause: float = 0
    error: ClientError | None = None


@dataclass
class Outgoing:
    """A message of one's own that is not acked: it waits, or was refused."""

    id: str
    to: str
    conversation: str
    body: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    error: ClientError | None = None


@dataclass(frozen=True)
class Sent:
    """The outbox changed: `outgoing` waits, is refused, or, with `message`, is stored."""

    outgoing: Outgoing
    message: Message | None = None


Event = (
    NewMessage | ChangedMessage | Skipped | ConversationChanged | Left | Presence | Typing | Delta
    | CursorMoved | Link | Sent
)  # fmt: skip


class Events:
    """Hands each event to all who iterate.

    Their queues have no bound: the acks that somebody may wait for, between two events, come by
    the same connection, so a full queue must not stop the reading of it.
    """

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Event | None]] = set()
        self._end: ClientError | None = None
        self._ended = False

    def tell(self, event: Event) -> None:
        for queue in self._queues:
            queue.put_nowait(event)

    def end(self, error: ClientError | None) -> None:
        """What was told is still given; then iterating ends, or raises `error`."""
        self._end, self._ended = error, True
        for queue in self._queues:
            queue.put_nowait(None)

    def subscribe(self) -> AsyncIterator[Event]:
        """The events from now on (not only from the first `anext`)."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        if self._ended:
            queue.put_nowait(None)
        self._queues.add(queue)
        return self._iterate(queue)

    async def _iterate(self, queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
        try:
            while (event := await queue.get()) is not None:
                yield event
            if self._end is not None:
                raise self._end
        finally:
            self._queues.discard(queue)
