"""`received` and `read`: how far this person has come in a conversation."""

from chat.commands.registry import command
from chat.connection import Connection
from chat.cursors import cursors
from chat.permissions import require_member
from chat.protocol import Read, Received


@command(Received)
def received(connection: Connection, frame: Received) -> None:
    require_member(connection.account, frame.conversation)
    cursors.ask(connection, frame.conversation, frame.id, received=frame.seq)


@command(Read)
def read(connection: Connection, frame: Read) -> None:
    require_member(connection.account, frame.conversation)
    cursors.ask(connection, frame.conversation, frame.id, read=frame.seq)
