"""Tells the other processes: what is said while an envelope travels goes with the next one.

Never waits and never fails for its caller. What could not be sent is dropped: the number of the
next envelope shows that it is missing, and the store has it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chat.backplane.news import Beat, Came, Gone, Hinted, Item, Left, Lost, seal
from chat.backplane.roll import Roll

MAX_ITEMS = 512
"""Items in an envelope."""
MAX_TEXT = 1_000_000
"""Characters of frames in an envelope; Redis gives up on who is 8 MB behind for long."""
MAX_WAITING = 10_000
MAX_WAITING_TEXT = 32_000_000
"""Items, and characters of their frames, that may wait while Redis does not take any."""
MAX_BEFORE_HINT = 1_000
"""Items that may wait before a hint: where there are more, it is left out."""
WITHIN = 5.0
"""Seconds that Redis may take for an envelope."""


class Publisher:
    def __init__(
        self, redis: Redis, channel: str, roll: Roll, people_here: Callable[[], list[Came]]
    ) -> None:
        self._redis = redis
        self._channel = channel
        self._roll = roll
        self._people_here = people_here
        self._waiting: deque[Item] = deque()
        self._waiting_text = 0
        self._number = 0
        self._beat_due = False
        self._restate = True
        self._unsaid = 0
        self._task: asyncio.Task[None] | None = None
        self.published = self.lost = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, item: Item) -> None:
        if isinstance(item, Hinted) and len(self._waiting) >= MAX_BEFORE_HINT:
            return  # it would push out what must be told; the next one says it all
        if len(self._waiting) >= MAX_WAITING or self._waiting_text >= MAX_WAITING_TEXT:
            self._drop(len(self._waiting))
            self._waiting.clear()
            self._waiting_text = 0
        self._waiting.append(item)
        self._waiting_text += _text(item)
        self._start()

    def beat(self) -> None:
        """Say that this process lives, and prolong its lease."""
        self._beat_due = True
        self._start()

    def restate(self) -> None:
        """Redis may have forgotten this process's people: put them down anew."""
        self._restate = True
        self.beat()

    async def finish(self, well: bool) -> None:
        """Send what waits, and leave nothing behind in Redis. Who does not end `well` says no
        good-bye: the others will miss it, and see that something may be missing."""
        if well:
            self.put(Gone())
        if self._task is not None:
            await self._task
        if well:
            await self._roll.remove()

    async def said(self) -> None:
        """Return once what waits is sent, or given up."""
        if self._task is not None:
            await asyncio.shield(self._task)

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(
                self._publish_all(), context=Context()
            )

    async def _publish_all(self) -> None:
        try:
            while self._waiting or self._beat_due:
                await self._publish(self._next())
        finally:
            self._task = None

    def _next(self) -> list[Item]:
        """What the next envelope holds."""
        items: list[Item] = [Lost()] if self._unsaid else []
        text = 0
        while self._waiting and len(items) < MAX_ITEMS and text < MAX_TEXT:
            items.append(self._waiting.popleft())
            text += _text(items[-1])
        self._waiting_text -= text
        return items

    async def _publish(self, items: list[Item]) -> None:
        said = self._unsaid
        try:
            async with asyncio.timeout(WITHIN):
                await self._write_down(items)
                items = items + await self._beat()
                self._number += 1
                await self._redis.publish(
                    self._channel, seal(self._roll.process, self._number, items)
                )
        except (RedisError, OSError, TimeoutError):
            self._drop(len(items))
        else:
            self.published += len(items)
            self._unsaid -= said

    async def _write_down(self, items: list[Item]) -> None:
        """Before it is told, so that who reads the roll for having heard of it finds it there."""
        changes = [item for item in items if isinstance(item, Came | Left)]
        if changes and not self._restate:
            await self._roll.change(changes)

    async def _beat(self) -> list[Item]:
        """The beat that is due, if one is."""
        if not self._beat_due:
            return []
        self._beat_due = False
        restated = self._restate or not await self._roll.renew()
        if restated:
            self._restate = True
            await self._roll.write(self._people_here())
            self._restate = False
        return [Beat(restated)]

    def _drop(self, count: int) -> None:
        """Give up on so many items; the next envelope will tell. The roll may lack some of them."""
        self.lost += count
        self._unsaid += 1
        self._restate = True


def _text(item: Item) -> int:
    return len(getattr(item, "frame", ""))
