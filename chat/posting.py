"""Messages of those who have no socket (devices, bots, pages), from any thread of any process.

They go the one path: submitted to this process's writer, stored in groups, delivered.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from chat import running
from chat.hub import hub
from chat.path import writer
from chat.posts import Post
from chat.protocol import ChatError, Message, Unavailable


class Draft(Struct, kw_only=True, frozen=True):
    """A message to be stored once under (sender, client_id); the caller answers for the sender.

    `sent_at`, in UTC and whole milliseconds, is of what was said elsewhere, and before: it keeps
    that time, and nobody is called or told of it. Its place is where it is stored.
    """

    sender: str
    conversation: str
    client_id: str
    body: str
    kind: str = "text"
    data: dict[str, Any] | None = None
    sent_at: datetime | None = None


class Outcome(NamedTuple):
    """What became of a draft: one of `message` and `error` is there."""

    message: Message | None
    error: ChatError | None
    repeated: bool
    """It was stored before, and `message` is what was stored then."""


def post(drafts: Sequence[Draft]) -> list[Outcome]:
    """Store `drafts`, in their order, and tell the members. Not on the event loop: it waits.

    Raises Unavailable where there is no outcome in time: perhaps stored, perhaps not; post again.
    """
    return running.wait_for(store(drafts))


async def store(drafts: Sequence[Draft]) -> list[Outcome]:
    """The same, on the event loop."""
    if hub.closed:  # nobody would hear of it
        raise Unavailable("The server is stopping; post again where it runs.")
    loop = asyncio.get_running_loop()
    posts = [_post(draft, loop.create_future()) for draft in drafts]
    for one in posts:
        while writer.full:
            await writer.eased()
        writer.submit(one)
    await asyncio.gather(*(one.settled for one in posts if one.settled))
    return [Outcome(one.message, one.error, one.repeated) for one in posts]


def _post(draft: Draft, settled: "asyncio.Future[None]") -> Post:
    return Post(
        sender=draft.sender,
        client_id=draft.client_id,
        conversation=draft.conversation,
        body=draft.body,
        kind=draft.kind,
        data=draft.data,
        sent_at=draft.sent_at,
        settled=settled,
    )
