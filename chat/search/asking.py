"""Searching as somebody who asks for it, at whichever door. On the event loop."""

from chat import paces
from chat.protocol import Search
from chat.search import finding
from chat.threads import read_in_turn


async def ask(account: str, frame: Search) -> finding.Found:
    """What `account` finds; raises RateLimited, and what `finding.search` raises."""
    paces.take_search(account)
    return await read_in_turn(
        account, finding.search, account, frame.query, frame.conversation, frame.before, frame.limit
    )
