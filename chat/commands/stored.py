"""`stored`: what others sent and no client of this person has received."""

from collections.abc import Mapping

from django.db.models import F

from chat.commands.registry import query
from chat.connection import Connection
from chat.cursors import NOWHERE, Position, cursors
from chat.frames import first_that_fit
from chat.merging import oldest_first
from chat.models import Membership
from chat.permissions import still_theirs
from chat.protocol import MAX_HISTORY, Message, Stored, StoredPage
from chat.store import store
from chat.threads import read_in_turn


@query(Stored)
async def stored(connection: Connection, frame: Stored) -> StoredPage:
    known = cursors.of(connection.account)
    messages = await read_in_turn(connection.account, _page, connection.account, known, frame.after)
    page = first_that_fit(still_theirs(connection.account, messages[:MAX_HISTORY]))
    return StoredPage(frame.id, page, more=len(page) < len(messages))


def _page(account: str, known: Mapping[str, Position], after: str | None) -> list[Message]:
    """The page, and one message more where there are more.

    `after` is a message's id: ids are in the order of time, across conversations.
    """
    waiting = Membership.objects.filter(
        account=account, conversation__last_seq__gt=F("received_seq")
    ).values_list("conversation_id", "received_seq", "first_seq")
    since = {
        conversation: max(first - 1, received, known.get(conversation, NOWHERE).received)
        for conversation, received, first in waiting
    }
    if after is not None and (place := store.place_of(after)) and place[0] in since:
        since[place[0]] = max(since[place[0]], place[1])  # need not be read past again
    return oldest_first(store, since, MAX_HISTORY + 1, besides=account, after_id=after)
