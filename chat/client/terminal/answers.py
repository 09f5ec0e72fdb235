"""Bots' answers as far as they have come, for a while after they stopped growing: of one that is
never finished (the bot was removed, the server ended) nobody tells."""

import time
from collections.abc import Callable

from chat.client.events import Delta
from chat.protocol import Message

LASTS = 90.0
"""Seconds without more of it."""
ENDING = frozenset({"removed", "closed"})
"""Notices after which the sender of the answer may not write there any more."""


class Answers:
    """One a conversation; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._grown: dict[str, tuple[float, Delta]] = {}

    def grow(self, delta: Delta) -> None:
        self._grown[delta.conversation] = (self._clock(), delta)

    def of(self, conversation: str) -> Delta | None:
        """The one that grows there now."""
        at, delta = self._grown.get(conversation, (0.0, None))
        return delta if delta and self._clock() - at < LASTS else None

    def hear(self, message: Message) -> None:
        """What is stored of the same sender takes its place; some notices end it."""
        delta = self.of(message.conversation)
        if delta and (message.sender == delta.sender or _ends(message, delta)):
            self.end(message.conversation)

    def end(self, conversation: str) -> None:
        self._grown.pop(conversation, None)


def _ends(message: Message, delta: Delta) -> bool:
    data = message.data
    if message.kind != "notice" or not isinstance(data, dict) or data.get("event") not in ENDING:
        return False
    return data.get("user", delta.sender) == delta.sender  # of a closed room, everybody's
