"""`sync`: what is newer than a client has, paced by how fast it reads."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from chat import amending
from chat.commands.registry import query
from chat.connection import Connection
from chat.frames import in_frames
from chat.merging import oldest_first
from chat.models import Membership
from chat.permissions import not_found, require_member, still_theirs
from chat.protocol import MAX_SYNC, Message, Messages, Sync, Synced, encode
from chat.store import store
from chat.threads import read_in_turn


@query(Sync)
async def sync(connection: Connection, frame: Sync) -> Synced:
    account = connection.account
    messages, changes, more = await read_in_turn(account, _newer, account, frame)
    for group in in_frames(still_theirs(account, messages)):
        connection.push(encode(Messages(group)))
        await connection.drained()
    return Synced(frame.id, more, changes)


class Newer(NamedTuple):
    messages: list[Message]
    changes: dict[str, int]
    more: list[str]
    """Conversations with still more."""


def _newer(account: str, frame: Sync) -> Newer:
    """What is to be sent: first what was changed, of what the client may have."""
    first_seqs = _first_seqs(account, frame.since.keys() | frame.changes.keys())
    changed = amending.since(frame.changes)
    theirs = [m for m in changed.messages if m.seq >= first_seqs[m.conversation]]
    messages, more = _later(frame.since, first_seqs)
    return Newer(theirs + messages, changed.numbers, sorted({*more, *changed.more}))


def _first_seqs(account: str, conversations: Collection[str]) -> dict[str, int]:
    """Raises NotFound where `account` is not in one of them."""
    for conversation in conversations:  # not every text may be asked of every database
        require_member(account, conversation)
    mine = Membership.objects.filter(account=account, conversation__in=list(conversations))
    first_seqs = dict(mine.values_list("conversation_id", "first_seq"))
    for conversation in conversations:
        if conversation not in first_seqs:
            raise not_found(conversation)
    return first_seqs


def _later(
    since: Mapping[str, int], first_seqs: Mapping[str, int]
) -> tuple[list[Message], list[str]]:
    last_seqs = store.last_seqs(since)
    after = {
        conversation: max(seq, first_seqs[conversation] - 1)
        for conversation, seq in since.items()
        if seq < last_seqs[conversation]
    }
    messages = oldest_first(store, after, MAX_SYNC)
    reached = after | {message.conversation: message.seq for message in messages}
    return messages, [c for c, seq in reached.items() if seq < last_seqs[c]]
