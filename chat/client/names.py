"""What is written to, as the id of its conversation; and ids of one's own messages."""

import secrets

DIRECT, ROOM, DEVICE = "dm:", "room:", "device:"


def conversation_of(me: str, to: str) -> str:
    """“bob”, “#lobby” or an id, as `me` means it: dm:alice:bob, room:lobby, the id."""
    to = to.strip()
    if to.startswith("#"):
        return ROOM + to[1:].lower()
    if ":" in to:
        return to
    return DIRECT + ":".join(sorted([me, to.removeprefix("@").lower()]))


def name_of(me: str, conversation: str) -> str:
    """What is written to reach a conversation: “bob”, “#lobby”, “thermometer1”."""
    kind, _, rest = conversation.partition(":")
    if kind == "room":
        return f"#{rest}"
    one, _, other = rest.partition(":")
    return other if other and one == me else one


def new_id() -> str:
    """128 random bits, which name a message for good."""
    return secrets.token_hex(16)
