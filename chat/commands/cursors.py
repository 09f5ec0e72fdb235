"""`received` and `read`: how far this person has come in a conversation."""

from chat.commands.registry import command
from chat.connection import Connection
from chat.cursors import cursors
from chat.permissions import require_member
from chat.protocol import Read, Received


@command(Received)
def received(connection: Connection, frame: Received) -> None:
    require_member(connection.account, frame.conversation)
    cursors.ask(
        connection.account, frame.conversation, received=frame.seq, by=connection, frame_id=frame.id
    )


@command(Read)
def read(connection: Connection, frame: Read) -> None:
    require_member(connection.account, frame.conversation)
    cursors.ask(
        connection.account, frame.conversation, read=frame.seq, by=connection, frame_id=frame.id
    )
