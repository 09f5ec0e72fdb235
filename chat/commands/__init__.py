"""What a client can ask for: one module per kind of frame."""

from chat.commands import (
    amending,
    conversations,
    cursors,
    history,
    ping,
    rooms,
    search,
    send,
    stored,
    sync,
    typing,
)
from chat.commands.registry import commands, queries

__all__ = [
    "amending", "commands", "conversations", "cursors", "history", "ping", "queries", "rooms",
    "search", "send", "stored", "sync", "typing",
]  # fmt: skip
