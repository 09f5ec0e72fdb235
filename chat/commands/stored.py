"""`stored`: what others sent and no client of this person has received."""

from chat import reading
from chat.commands.registry import query
from chat.connection import Connection
from chat.cursors import cursors
from chat.frames import first_that_fit
from chat.permissions import still_theirs
from chat.protocol import MAX_HISTORY, Stored, StoredPage
from chat.threads import read_in_turn


@query(Stored)
async def stored(connection: Connection, frame: Stored) -> StoredPage:
    account = connection.account
    messages = await read_in_turn(account, reading.stored, account, cursors.of(account), frame)
    page = first_that_fit(still_theirs(account, messages[:MAX_HISTORY]))
    return StoredPage(frame.id, page, more=len(page) < len(messages))
