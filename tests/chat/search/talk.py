"""Conversations and messages straight into the databases, as the writer would leave them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.utils import timezone

from chat.conversation_ids import dm_members
from chat.ids import Ids
from chat.models import Conversation, Membership
from chat.protocol import Message
from chat.search.finding import search
from chat.search.indexing import Indexer
from chat.store import Row, store
from tests.client import new_id

_ids = Ids()


def opened(conversation: str, *members: str, first_seq: int = 1) -> str:
    """The conversation, with these in it besides who was; in a direct one, both."""
    kind = conversation.partition(":")[0]
    found, _ = Conversation.objects.get_or_create(pk=conversation, kind=kind)
    joined = None if kind == "dm" else timezone.now()
    for name in members or dm_members(conversation):
        Membership.objects.get_or_create(
            account_id=name, conversation=found, first_seq=first_seq, joined_at=joined
        )
    return conversation


def say(
    conversation: str, *bodies: str, sender: str = "alice", kind: str = "text", hint: int = 0
) -> list[Message]:
    """Store messages; the conversation's hint says so many more."""
    tip = store.tips([conversation])[conversation]
    rows: list[Row] = []
    for body in bodies:
        stamp = _ids.new(rows[-1].id if rows else tip.id)
        rows.append(Row(stamp.id, conversation, tip.seq + len(rows) + 1, sender, new_id(), kind,
                        body, None, datetime.fromtimestamp(stamp.at / 1000, UTC)))  # fmt: skip
    store.insert(rows)
    last = tip.seq + len(rows) + hint
    Conversation.objects.filter(pk=conversation).update(last_seq=last)
    return store.at(conversation, [row.seq for row in rows])


def catch_up() -> int:
    """Index what is new; gives how many messages were read."""
    indexer, read = Indexer(), 0
    while (found := indexer.step()) is not None:
        read += found
    return read


def bodies(messages: Iterable[Message]) -> list[str]:
    return [message.body for message in messages]


def found(account: str, query: str, **more: object) -> Sequence[str]:
    """The bodies of what `account` finds, newest first."""
    return bodies(search(account, query, **more).messages)  # type: ignore[arg-type]
