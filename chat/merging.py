"""Messages of many conversations in one order, without reading more of each than is needed."""

from collections.abc import Iterator, Mapping
from heapq import merge, nsmallest

from chat.protocol import Message
from chat.store import GeneralStore

CHUNK = 100
"""Messages read from one conversation at once."""
MAX_TEXT = 2 * 1024 * 1024
"""Characters that one answer gathers; more than 200 of the longest messages."""


def oldest_first(
    store: GeneralStore,
    after: Mapping[str, int],
    limit: int,
    besides: str | None = None,
    after_id: str | None = None,
) -> list[Message]:
    """At most `limit` of the oldest messages beyond the seqs in `after`, by conversation.

    Without those that `besides` sent; beyond the message `after_id`, where given. In the order
    of their ids, which is that of time, and inside a conversation always that of seq. Runs
    queries.
    """
    oldest = store.oldest(after, besides, after_id)
    # whose oldest message is not among the `limit` oldest has none among them
    nearest = nsmallest(limit, oldest, key=oldest.__getitem__)
    chunk = max(2, min(CHUNK, 2 * limit // max(1, len(nearest))))
    runs = [_run(store, c, after[c], besides, after_id, chunk) for c in nearest]
    found: list[Message] = []
    room = MAX_TEXT
    for message in merge(*runs, key=lambda message: message.id):
        found.append(message)
        room -= len(message.body)
        if len(found) == limit or room < 0:
            break
    return found


def _run(
    store: GeneralStore,
    conversation: str,
    seq: int,
    besides: str | None,
    after_id: str | None,
    chunk: int,
) -> Iterator[Message]:
    """The messages of one conversation, read in chunks as they are wanted."""
    while True:
        messages = store.after(conversation, seq, chunk, besides, after_id)
        yield from messages
        if len(messages) < chunk:
            return
        seq = messages[-1].seq
        chunk = CHUNK
