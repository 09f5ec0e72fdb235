"""`typing`: told to the other members, never stored."""

from chat.backplane import backplane
from chat.backplane.news import Told
from chat.commands.registry import command
from chat.connection import Connection
from chat.conversation_ids import is_room
from chat.hub import hub
from chat.limits import shared_buckets
from chat.permissions import members_of, require_writer
from chat.protocol import Typing, TypingFrame, encode
from chat.rooms.sizes import sizes

TOLD_IN = 50
"""In rooms of so many at the most."""
keystrokes = shared_buckets("typing", rate=2, burst=10)
"""What a person may cause in others' pages; more is left out, as typing has no answer."""


@command(Typing)
def typing(connection: Connection, frame: Typing) -> None:
    require_writer(connection.account, frame.conversation)
    if keystrokes.take(connection.account):
        return
    if is_room(frame.conversation) and not sizes.is_at_most(frame.conversation, TOLD_IN):
        return
    others = [name for name in members_of(frame.conversation) if name != connection.account]
    told = encode(TypingFrame(frame.conversation, connection.account))
    hub.push(others, told)
    backplane.tell(Told(frame.conversation, connection.account, told))
