"""`history`: one page of a conversation, backwards from a seq."""

from chat import reading
from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import last_that_fit
from chat.permissions import require_member
from chat.protocol import History, HistoryPage
from chat.threads import read_in_turn


@query(History)
async def history(connection: Connection, frame: History) -> HistoryPage:
    account = connection.account
    require_member(account, frame.conversation)
    found = await read_in_turn(account, reading.history, account, frame)
    require_member(account, frame.conversation)  # it may have left meanwhile
    messages, more = last_that_fit(found, frame.limit)
    return HistoryPage(frame.id, frame.conversation, messages, more)
