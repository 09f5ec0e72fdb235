"""What operations answer, as structs; the rest of their parts are the socket's own."""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from chat.protocol import Conversation, Member, Person, RoomShown

Encoded = Annotated[Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/Message"})]
"""A message, encoded once."""


class MessagesPage(Struct):
    messages: list[Encoded]
    more: bool


class SyncPage(Struct):
    """First what was changed, as it is now, then what is newer, oldest first."""

    messages: list[Encoded]
    changes: dict[str, int]
    more: list[str]


class ResultsPage(Struct):
    messages: list[Encoded]
    terms: list[str]
    more: bool


class ConversationsPage(Struct):
    conversations: list[Conversation]
    more: bool


class RoomsPage(Struct):
    rooms: list[RoomShown]
    more: bool


class MembersPage(Struct):
    room: str
    members: list[Member]
    more: bool


class Done(Struct):
    """`conversation` as it is now, where one is in it."""

    conversation: Conversation | UnsetType = UNSET


class People(Struct):
    people: list[Person]


class ShownToken(Struct):
    id: int
    label: str
    created_at: str


class Tokens(Struct):
    tokens: list[ShownToken]


class ShownHook(Struct):
    name: str
    title: str
    room: str
    created_by: str
    created_at: str
    last_used_at: str | None


class NewHook(ShownHook, kw_only=True):
    url: str
    """Shown this once: whoever knows it may post."""


class Hooks(Struct):
    hooks: list[ShownHook]
