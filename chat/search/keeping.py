"""The index hears of messages that were changed or removed. Runs queries.

A message that is not indexed yet gets its row here, so that the indexer, which may have read it
before, leaves it alone.
"""

from collections.abc import Iterable
from itertools import islice

from chat.protocol import Message
from chat.search.choice import index
from chat.search.index import Entry
from chat.search.indexing import FOUND_BY_WORDS, entry
from chat.store import Said

AT_ONCE = 50
"""Messages forgotten in one transaction: others wait for it who write to `default`."""


def renew(message: Message) -> None:
    """Have `message`, which was edited or deleted, found by what it says now, or not at all."""
    if message.kind in FOUND_BY_WORDS:
        index().renew(entry(Said(*(getattr(message, name) for name in Said._fields))))
    else:
        index().renew(Entry(message.id, message.conversation, message.seq, []))


def forget(message_ids: Iterable[str]) -> None:
    """Nobody finds these messages any more. In several short transactions."""
    ids = iter(message_ids)
    while some := list(islice(ids, AT_ONCE)):
        index().forget(some)
