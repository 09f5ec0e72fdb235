"""A message on its way to the store, and what became of it."""

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chat.protocol import ChatError, Conversation, Message

if TYPE_CHECKING:
    from chat.connection import Connection


class Post(Struct, kw_only=True, eq=False):
    """What somebody wants stored. The writer's thread sets `message` or `error`.

    `opened` holds, for a post that began its conversation, the conversation as each member
    sees it.
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
    opened: dict[str, Conversation] | None = None
