"""`conversations`: those that `hello` had no room for."""

from chat.commands.registry import query
from chat.connection import Connection
from chat.cursors import cursors
from chat.overview import overview
from chat.protocol import Conversations, ConversationsPage, parse_time
from chat.threads import read_in_turn


@query(Conversations)
async def conversations(connection: Connection, frame: Conversations) -> ConversationsPage:
    before = parse_time(frame.before) if frame.before is not None else None
    known = cursors.of(connection.account)
    found = await read_in_turn(
        connection.account, overview, connection.account, known, before, frame.limit
    )
    cursors.freshen(connection.account, found.conversations)
    return ConversationsPage(frame.id, found.conversations, found.more)
