"""Tells the other processes: what is said while an envelope travels goes with the next one.

Never waits and never fails for its caller. What could not be sent is dropped: the number of the
next envelope shows that it is missing, and the store has it.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context

from redis.asyncio import Redis
from redis.exceptions import RedisError

from chat.backplane.news import Beat, Came, Gone, Item, Left, seal
from chat.backplane.roll import Roll

MAX_ITEMS = 512
"""Items in an envelope."""
MAX_WAITING = 10_000
"""Items that may wait while Redis does not take any."""
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
        self._waiting: list[Item] = []
        self._number = 0
        self._beat_due = False
        self._restate = True
        self._task: asyncio.Task[None] | None = None
        self.published = self.lost = 0

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, item: Item) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._drop(self._waiting)
            self._waiting = []
        self._waiting.append(item)
        self._start()

    def beat(self) -> None:
        """Say that this process lives, and prolong its lease."""
        self._beat_due = True
        self._start()

    def restate(self) -> None:
        """Redis may have forgotten this process's people: put them down anew."""
        self._restate = True
        self.beat()

    async def finish(self) -> None:
        """Send what waits, say good-bye, and leave nothing behind in Redis."""
        self.put(Gone())
        if self._task is not None:
            await self._task
        await self._roll.remove()

    def _start(self) -> None:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(
                self._publish_all(), context=Context()
            )

    async def _publish_all(self) -> None:
        try:
            while self._waiting or self._beat_due:
                items, self._waiting = self._waiting[:MAX_ITEMS], self._waiting[MAX_ITEMS:]
                await self._publish(items)
        finally:
            self._task = None

    async def _publish(self, items: list[Item]) -> None:
        try:
            async with asyncio.timeout(WITHIN):
                await self._write_down(items)
                items = items + await self._beat()
                self._number += 1
                await self._redis.publish(
                    self._channel, seal(self._roll.process, self._number, items)
                )
        except (RedisError, OSError, TimeoutError):
            self._drop(items)
        else:
            self.published += len(items)

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

    def _drop(self, items: list[Item]) -> None:
        """Give up on `items`; the next number will tell. The roll may lack some of them."""
        self._number += 1
        self.lost += len(items)
        self._restate = True
