"""`search`: what was said, by its words, in one's own conversations."""

from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import first_that_fit
from chat.permissions import still_theirs
from chat.protocol import Results, Search
from chat.search.asking import ask


@query(Search)
async def search(connection: Connection, frame: Search) -> Results:
    account = connection.account
    found = await ask(account, frame)
    messages = list(still_theirs(account, found.messages))  # they may have left meanwhile
    shown = first_that_fit(messages)
    return Results(frame.id, shown, found.terms, found.more or len(shown) < len(messages))
