"""What a client can ask for: one module per kind of frame."""

from chat.commands import conversations, cursors, history, ping, send, stored, sync, typing
from chat.commands.registry import commands, queries

__all__ = [
    "commands", "conversations", "cursors", "history", "ping", "queries", "send", "stored",
    "sync", "typing",
]  # fmt: skip
