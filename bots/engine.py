"""Where a worker's answers are given: an event loop in a thread of its own, many at once.

Not in Celery's threads: an answer takes a minute, mostly of waiting, and other tasks need these.
"""

import asyncio
import logging
import threading
from collections.abc import Iterable

from django.conf import settings

from bots.llm import clients
from bots.turns import Place, is_waiting, take_turns

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Conversations in which a bot answers at the same time in this process; others wait."""
STOPPED_WITHIN = 3.0
"""Seconds; what has not stopped by then is done again by another process, as is all that has."""


class Engine:
    """The thread begins with the first job, or where one is likely to come, and ends once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_cancelled = False
        self._turns: dict[Place, asyncio.Task[None]] = {}
        self._again: set[Place] = set()
        self._rooms: dict[str, asyncio.Semaphore] = {}

    def start(self) -> None:
        """Load what asks a model, where there is one for all bots: the first answer waits less."""
        if settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL:
            self._begin()
            self._loop.call_soon_threadsafe(clients.warm)

    def take(self, places: Iterable[Place]) -> None:
        """Answer what waits there. From any thread; returns at once."""
        self._begin()
        if not self._is_cancelled:
            self._loop.call_soon_threadsafe(self._take, list(places))

    def cancel(self) -> None:
        """See beside_worker.py; the turns are left to other processes."""
        self._is_cancelled = True
        if self._begun.is_set() and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(STOPPED_WITHIN)

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None and not self._is_cancelled:
                self._thread = threading.Thread(target=self._run, name="bots-engine", daemon=True)
                self._thread.start()
                self._begun.wait()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            runner.run(self._live())

    # ---- on the loop ---------------------------------------------------------------------------

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._begun.set()
        await self._stop.wait()
        for turn in self._turns.values():
            turn.cancel()
        await asyncio.gather(*self._turns.values(), return_exceptions=True)
        await clients.close()

    def _take(self, places: list[Place]) -> None:
        for place in places:
            if place in self._turns:
                self._again.add(place)
            elif not self._is_cancelled:
                self._turns[place] = asyncio.ensure_future(self._turn(place))

    async def _turn(self, place: Place) -> None:
        try:
            async with self._rooms.setdefault(place[0], asyncio.Semaphore(AT_ONCE)):
                await take_turns(*place)
                await self._take_those_that_came_meanwhile(place)
        except Exception as error:  # what waits there is found again
            log.error("A bot did not get to answer: %s", type(error).__name__)
        finally:
            self._again.discard(place)
            del self._turns[place]

    async def _take_those_that_came_meanwhile(self, place: Place) -> None:
        """A job that came between the turn's last look and its end."""
        while place in self._again:
            self._again.discard(place)
            if await is_waiting(*place):
                await take_turns(*place)


def _new_loop() -> asyncio.AbstractEventLoop:
    """Where there is uvloop, a stream costs a quarter less."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


engine = Engine()
"""This process's."""
