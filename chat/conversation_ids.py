"""Conversation ids: what `dm:alice:bob` says about who is in it."""

from functools import lru_cache

from chat.names import is_name, normalise

DM = "dm:"
ROOM = "room:"
DEVICE = "device:"


def dm_id(one: str, other: str) -> str:
    """The direct conversation of two accounts (or of one with itself, its notebook)."""
    low, high = sorted((one, other))
    return f"{DM}{low}:{high}"


@lru_cache(maxsize=16_384)  # each message asks three times
def dm_members(conversation: str) -> tuple[str, ...]:
    """The members of a direct conversation, each once; empty where the id is not a proper one."""
    kind, _, names = conversation.partition(":")
    low, _, high = names.partition(":")
    if kind != "dm" or not (is_name(low) and is_name(high) and low <= high):
        return ()
    return (low,) if low == high else (low, high)


def dm_partner(conversation: str, account: str) -> str:
    """The other side of a direct conversation; `account` itself in its notebook."""
    members = dm_members(conversation)
    return next((name for name in members if name != account), account)


def is_direct(conversation: str) -> bool:
    return conversation.startswith(DM)


def is_room(conversation: str) -> bool:
    return conversation.startswith(ROOM)


def is_conversation(text: str) -> bool:
    """Whether `text` is a conversation's id as far as its form goes."""
    kind, _, name = text.partition(":")
    return is_name(name) if f"{kind}:" in (ROOM, DEVICE) else bool(dm_members(text))


def room_id(room: str) -> str:
    """The conversation of the room that is called `room`: “lobby”, “#Lobby”, “room:lobby”."""
    return ROOM + normalise(room.strip().removeprefix("#").removeprefix(ROOM))


def counterpart(conversation: str, account: str) -> str | None:
    """Whom `account` has before it there: the other side, or the device that reports. None in a
    room."""
    if is_room(conversation):
        return None
    if conversation.startswith(DEVICE):
        return conversation.removeprefix(DEVICE)
    return dm_partner(conversation, account)


def addressed(to: str, sender: str) -> str:
    """The conversation that the `to` of a send means: an id as it is, “#lobby” as the room, a
    name as a direct one."""
    if to.startswith("#"):
        return room_id(to)
    if ":" in to:
        return to
    return dm_id(sender, normalise(to))
