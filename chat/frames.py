"""Cuts what is to be sent into frames that are not too large."""

from collections.abc import Iterable, Iterator

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
