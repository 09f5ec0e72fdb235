"""What a person may read, of whichever door they ask: a socket's query, or the API. Runs queries.

Whether they are in a conversation is asked of the database here: of those who have no socket nobody
else knows it.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db.models import F

from chat import amending
from chat.conversation_ids import is_conversation
from chat.cursors import NOWHERE, Position
from chat.merging import oldest_first
from chat.models import Membership
from chat.permissions import not_found
from chat.protocol import MAX_HISTORY, MAX_SYNC, History, Message, Stored, Sync
from chat.store import store


class Newer(NamedTuple):
    messages: list[Message]
    changes: dict[str, int]
    more: list[str]
    """Conversations with still more."""


def history(account: str, asked: History) -> list[Message]:
    """The page, oldest first, and one message more before it where there are more.

    Raises NotFound where `account` is not in the conversation.
    """
    first_seq = first_seqs(account, [asked.conversation])[asked.conversation]
    return store.before(asked.conversation, first_seq, asked.before, asked.limit + 1)


def stored(account: str, known: Mapping[str, Position], asked: Stored) -> list[Message]:
    """What others sent and no client of `account` has received, oldest first: the page, and one
    message more where there are more. `known` holds cursors that may be ahead of the database.

    `after` is a message's id: ids are in the order of time, across conversations.
    """
    waiting = Membership.objects.filter(
        account=account, conversation__last_seq__gt=F("received_seq")
    ).values_list("conversation_id", "received_seq", "first_seq")
    since = {
        conversation: max(first - 1, received, known.get(conversation, NOWHERE).received)
        for conversation, received, first in waiting
    }
    after = asked.after
    if after is not None and (place := store.place_of(after)) and place[0] in since:
        since[place[0]] = max(since[place[0]], place[1])  # need not be read past again
    return oldest_first(store, since, MAX_HISTORY + 1, besides=account, after_id=after)


def newer(account: str, asked: Sync) -> Newer:
    """What is newer than the client has: first what was changed, of what it may have.

    Raises NotFound where `account` is not in one of the conversations.
    """
    mine = first_seqs(account, asked.since.keys() | asked.changes.keys())
    changed = amending.since(asked.changes)
    theirs = [m for m in changed.messages if m.seq >= mine[m.conversation]]
    messages, more = _later(asked.since, mine, MAX_SYNC - len(theirs))
    return Newer(theirs + messages, changed.numbers, sorted({*more, *changed.more}))


def first_seqs(account: str, conversations: Collection[str]) -> dict[str, int]:
    """From where on `account` may read in each; raises NotFound where it is not in one of them."""
    for conversation in conversations:  # not every text may be asked of every database
        if not is_conversation(conversation):
            raise not_found(conversation)
    mine = Membership.objects.filter(account=account, conversation__in=list(conversations))
    found = dict(mine.values_list("conversation_id", "first_seq"))
    for conversation in conversations:
        if conversation not in found:
            raise not_found(conversation)
    return found


def _later(
    since: Mapping[str, int], mine: Mapping[str, int], limit: int
) -> tuple[list[Message], list[str]]:
    last_seqs = store.last_seqs(since)
    after = {
        conversation: max(seq, mine[conversation] - 1)
        for conversation, seq in since.items()
        if seq < last_seqs[conversation]
    }
    messages = oldest_first(store, after, limit) if limit > 0 else []
    reached = after | {message.conversation: message.seq for message in messages}
    return messages, [c for c, seq in reached.items() if seq < last_seqs[c]]
