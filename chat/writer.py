"""Group commit: messages that arrive while a batch is stored are stored together by the next.

No write per message, no timer, no waiting when idle. The loop's side: it hands batches to one
thread, one at a time, and passes on what became of them.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter

from chat.appender import Appender, refuse
from chat.metrics import BatchTimer
from chat.posts import Post
from chat.threads import write

MAX_BATCH = 256
"""Posts in a batch: few enough that acking one batch does not hold up the loop."""
MAX_BATCH_TEXT = 64 * 1024
"""Characters of bodies in a batch: few enough that its frames fit into the queue of a socket
whose peer reads as fast as it can, since nothing is sent while a batch is delivered."""
MAX_WAITING = 4096
"""Posts that may wait before senders are made to."""


class Writer:
    """The only writer of messages in this process."""

    def __init__(self, appender: Appender, deliver: Callable[[list[Post]], None]) -> None:
        self._appender = appender
        self._deliver = deliver
        self._waiting: list[Post] = []
        self._waiting_since = 0.0
        self._storing = False
        self._eased = asyncio.Event()

    @property
    def full(self) -> bool:
        return len(self._waiting) >= MAX_WAITING

    @property
    def waiting(self) -> int:
        """How many posts wait for their batch to begin."""
        return len(self._waiting)

    def submit(self, post: Post) -> None:
        """Have `post` stored with the next batch; its origin is told the outcome."""
        if not self._waiting:
            self._waiting_since = perf_counter()
        self._waiting.append(post)
        if not self._storing:
            self._store_next()

    async def eased(self) -> None:
        """Wait until the batch that is being stored is done."""
        while self._storing:
            self._eased.clear()
            await self._eased.wait()
            if not self.full:
                return

    async def idle(self) -> None:
        """Wait until everything submitted is settled and passed on."""
        while self._storing:
            self._eased.clear()
            await self._eased.wait()

    def give_up_waiting(self) -> None:
        """Refuse what has not begun to be stored: whoever sent it is to send it again."""
        given_up, self._waiting = self._waiting, []
        refuse(given_up)
        self._deliver(given_up)

    def forget_account(self, name: str) -> None:
        write(partial(self._appender.forget_account, name), then=lambda _: None)

    def forget_all(self) -> None:
        """Have everything looked up anew: news of other processes may have been missed."""
        write(self._appender.forget_all, then=lambda _: None)

    def _store_next(self) -> None:
        size = _batch_size(self._waiting)
        batch, self._waiting = self._waiting[:size], self._waiting[size:]
        self._storing = True
        timer = BatchTimer(self._waiting_since)
        write(partial(self._appender.append, batch), then=partial(self._finish, batch, timer))

    def _finish(self, batch: list[Post], timer: BatchTimer, works: bool) -> None:
        timer.committed(len(batch), works)
        if not works:  # who came meanwhile need not wait for the same time-out again
            batch, self._waiting = batch + self._waiting, []
            refuse(batch)
        if self._waiting:
            self._store_next()  # first, so that the disk works while we deliver
            self._deliver(batch)
        else:
            self._deliver(batch)
            self._storing = False
        timer.delivered(batch)
        self._eased.set()


def _batch_size(waiting: list[Post]) -> int:
    """How many of those waiting the next batch takes: at least one."""
    text = 0
    for size, post in enumerate(waiting[:MAX_BATCH]):
        text += len(post.body)
        if text > MAX_BATCH_TEXT and size:
            return size
    return min(len(waiting), MAX_BATCH)
