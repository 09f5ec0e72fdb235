"""Where a worker's answers are given: an event loop in a thread of its own, many at once.

Not in Celery's threads: an answer takes a minute, mostly of waiting, and other tasks need these.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterable
from typing import Any

from bots.turns import Place, take_turns

AT_ONCE = 100
"""Conversations in which this process answers at the same time; others wait."""
STOPPED_WITHIN = 3.0
"""Seconds; what has not stopped by then is done again by another process, as is all that has."""


class Engine:
    """Begun by the first job. One turn at a time for each place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._turns: dict[Place, asyncio.Task[None]] = {}
        self._again: set[Place] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    def start(self) -> None:
        """Nothing to do before the first job."""

    def take(self, places: Iterable[Place]) -> None:
        """Answer what waits there. From any thread; returns at once."""
        with self._lock:
            if self._stopping:
                return
            loop = self._loop = self._loop or self._begun()
        loop.call_soon_threadsafe(self._take, list(places))

    def cancel(self) -> None:
        self._stopping = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(STOPPED_WITHIN)

    # ---- on the loop ---------------------------------------------------------------------------

    def _begun(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=_run_forever, args=(loop,), name="bots-engine", daemon=True
        )
        self._thread.start()
        return loop

    def _take(self, places: list[Place]) -> None:
        for place in places:
            if place in self._turns:
                self._again.add(place)
            elif not self._stopping:
                self._turns[place] = asyncio.ensure_future(self._turn(place))

    async def _turn(self, place: Place) -> None:
        try:
            async with self._room:
                await take_turns(*place)
        finally:
            del self._turns[place]
            if place in self._again:
                self._again.discard(place)
                self._take([place])

    def _cancel(self) -> None:
        for turn in self._turns.values():
            turn.cancel()
        asyncio.ensure_future(self._end())

    async def _end(self) -> None:
        await asyncio.gather(*self._turns.values(), return_exceptions=True)
        asyncio.get_running_loop().stop()


def _run_forever(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


engine = Engine()
"""This process's."""
