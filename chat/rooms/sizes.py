"""How many are in a room, as the event loop needs to know it: as it was a moment ago."""

import time

from chat import errands
from chat.rooms.listing import size
from chat.threads import read

KEPT = 10.0
"""Seconds."""
MOST_KNOWN = 10_000


class Sizes:
    def __init__(self) -> None:
        self._known: dict[str, tuple[int, float]] = {}

    def is_at_most(self, conversation: str, most: int) -> bool:
        """False also where it is not known yet: it is soon, for who asks again."""
        count, until = self._known.get(conversation, (most + 1, 0.0))
        if until < time.monotonic():
            errands.run(self._count(conversation))
        return count <= most

    async def _count(self, conversation: str) -> None:
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        self._known[conversation] = await read(size, conversation), time.monotonic() + KEPT


sizes = Sizes()
