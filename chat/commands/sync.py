"""`sync`: what is newer than a client has, paced by how fast it reads."""

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
    messages, more = await read_in_turn(connection.account, _newer, connection.account, frame.since)
    for group in in_frames(still_theirs(connection.account, messages)):
        connection.push(encode(Messages(group)))
        await connection.drained()
    return Synced(frame.id, more)


def _newer(account: str, since: dict[str, int]) -> tuple[list[Message], list[str]]:
    """What is to be sent, and the conversations with still more."""
    for conversation in since:  # not every text may be asked of every database
        require_member(account, conversation)
    first_seqs = dict(
        Membership.objects.filter(account=account, conversation__in=list(since)).values_list(
            "conversation_id", "first_seq"
        )
    )
    for conversation in since:
        if conversation not in first_seqs:
            raise not_found(conversation)
    last_seqs = store.last_seqs(since)
    after = {
        conversation: max(seq, first_seqs[conversation] - 1)
        for conversation, seq in since.items()
        if seq < last_seqs[conversation]
    }
    messages = oldest_first(store, after, MAX_SYNC)
    reached = after | {message.conversation: message.seq for message in messages}
    return messages, [c for c, seq in reached.items() if seq < last_seqs[c]]
