"""A message on its way to the store, and what became of it."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from chat.partners import Partner
from chat.protocol import ChatError, Conversation, Message

if TYPE_CHECKING:
    from chat.connection import Connection


class Beginning(NamedTuple):
    """A conversation as one member sees it before its first message, and the other side."""

    conversation: Conversation
    partner: Partner


class Post(Struct, kw_only=True, eq=False):
    """What somebody wants stored. The writer's thread sets `message` or `error`.

    `begins` holds, for a post that may begin its conversation, what each member is to be told;
    `repeated`, whether it was stored before; `called`, the members of a room that it calls by
    name. What was said elsewhere, and before, has the time in `sent_at`: it is stored like all
    else, and nobody is called or told of it. Who waits for the outcome has it in `origin`, the
    connection that sent it, or in `settled`, which is done on the event loop.
    """

    sender: str
    client_id: str
    conversation: str
    body: str
    kind: str = "text"
    data: dict[str, Any] | None = None
    sent_at: datetime | None = None
    origin: "Connection | None" = None
    settled: "asyncio.Future[None] | None" = None
    message: Message | None = None
    error: ChatError | None = None
    repeated: bool = False
    called: tuple[str, ...] = ()
    begins: dict[str, Beginning] | None = None
