"""A client of the chat: a library, and on it a program for terminals and for pipes.

Needs no Django, and nothing of the server but the types of its frames (`chat/protocol.py`).
"""

from chat.client.accounts import register, sign_in
from chat.client.asking import Page, Results
from chat.client.client import ChatClient
from chat.client.errors import (
    ClientError,
    Disconnected,
    Elsewhere,
    Refused,
    SignedOut,
    Unreachable,
)
from chat.client.events import (
    ChangedMessage,
    ConversationChanged,
    CursorMoved,
    Delta,
    Event,
    Left,
    Link,
    NewMessage,
    Outgoing,
    Presence,
    Sent,
    Skipped,
    Typing,
)
from chat.protocol import Conversation, Member, Message, Person, RoomShown

__all__ = [
    "ChangedMessage", "ChatClient", "ClientError", "Conversation", "ConversationChanged",
    "CursorMoved", "Delta", "Disconnected", "Elsewhere", "Event", "Left", "Link", "Member",
    "Message", "NewMessage", "Outgoing", "Page", "Person", "Presence", "Refused", "Results",
    "RoomShown", "Sent", "SignedOut", "Skipped", "Typing", "Unreachable", "register", "sign_in",
]  # fmt: skip
