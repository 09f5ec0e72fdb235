"""A message on its way to the store, and what became of it."""

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

    `begins` holds, for a post that may begin its conversation, what each member is to be told.
    """

    sender: str
    client_id: str
    conversation: str
    body: str
    kind: str = "text"
    data: dict[str, Any] | None = None
    origin: "Connection | None" = None
    message: Message | None = None
    error: ChatError | None = None
    begins: dict[str, Beginning] | None = None
