"""Cuts what is to be sent into frames that are not too large."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Raw

from chat.protocol import MAX_HISTORY, MAX_SERVER_FRAME, Message, raw

ROOM = MAX_SERVER_FRAME - 1024
"""Bytes for messages in a frame, beside what stands around them."""


def in_frames(messages: Iterable[Message]) -> Iterator[list[Raw]]:
    """The messages, encoded, in groups that fit into a frame each."""
    group: list[Raw] = []
    room = ROOM
    for message in messages:
        encoded = raw(message)
        size = len(bytes(encoded)) + 1
        if group and (size > room or len(group) == MAX_HISTORY):
            yield group
            group, room = [], ROOM
        group.append(encoded)
        room -= size
    if group:
        yield group


def first_that_fit(messages: Iterable[Message]) -> list[Raw]:
    """As many of the messages, from the first on, as fit into a frame; encoded."""
    return next(in_frames(messages), [])


def last_that_fit(messages: Sequence[Message], limit: int) -> tuple[list[Raw], bool]:
    """The last `limit` of the messages, or as many of these as fit; and whether there are more
    before them."""
    newest_first = first_that_fit(reversed(messages[-limit:]))
    return newest_first[::-1], len(newest_first) < len(messages)
