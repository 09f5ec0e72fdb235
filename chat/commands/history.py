"""`history`: one page of a conversation, backwards from a seq."""

from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import first_that_fit
from chat.models import Membership
from chat.permissions import not_found, require_member
from chat.protocol import History, HistoryPage, Message
from chat.store import store
from chat.threads import read_in_turn


@query(History)
async def history(connection: Connection, frame: History) -> HistoryPage:
    messages = await read_in_turn(connection.account, _page, connection.account, frame)
    require_member(connection.account, frame.conversation)  # it may have left meanwhile
    newest_first = first_that_fit(reversed(messages[-frame.limit :]))
    more = len(newest_first) < len(messages)
    return HistoryPage(frame.id, frame.conversation, newest_first[::-1], more)


def _page(account: str, frame: History) -> list[Message]:
    """The page, and one message more where there are more."""
    require_member(account, frame.conversation)  # not every text may be asked of every database
    first_seq = (
        Membership.objects.filter(account=account, conversation=frame.conversation)
        .values_list("first_seq", flat=True)
        .first()
    )
    if first_seq is None:
        raise not_found(frame.conversation)
    return store.before(frame.conversation, first_seq, frame.before, frame.limit + 1)
