"""`search`: what was said, by its words, in one's own conversations."""

from chat import paces
from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import first_that_fit
from chat.permissions import still_theirs
from chat.protocol import Results, Search
from chat.search import finding
from chat.threads import read_in_turn


@query(Search)
async def search(connection: Connection, frame: Search) -> Results:
    account = connection.account
    paces.take_search(account)
    found = await read_in_turn(
        account, finding.search, account, frame.query, frame.conversation, frame.before, frame.limit
    )
    messages = list(still_theirs(account, found.messages))  # they may have left meanwhile
    shown = first_that_fit(messages)
    return Results(frame.id, shown, found.terms, found.more or len(shown) < len(messages))
