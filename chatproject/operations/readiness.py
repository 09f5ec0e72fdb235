"""Whether this process could serve: each store, the broker, and the server itself.

Each check has CHECK_WITHIN seconds, all run at once, and one that hangs is not begun a second
time: it keeps its thread, and stays "down" until it answers.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from django.conf import settings
from django.db import connections

from chat.hub import hub
from chat.models import Account, Message
from chatproject.databases import DEFAULT, MESSAGES

CHECK_WITHIN = 2.0
GOOD_FOR = 1.0
"""Seconds that an answer is given again: many probes are one question to the stores."""
TABLES = {DEFAULT: Account, MESSAGES: Message}


class State(NamedTuple):
    """What one check found: up, in how many milliseconds, or down, and by which kind of error."""

    up: bool
    ms: float
    error: str | None = None

    def shown(self) -> dict[str, object]:
        found: dict[str, object] = {"state": "up" if self.up else "down", "ms": self.ms}
        return found | ({"error": self.error} if self.error else {})


class Check:
    """One thing that is asked; a question that is still under way is not asked again."""

    def __init__(self, ask: Callable[[], Awaitable[object]]) -> None:
        self._ask = ask
        self._asking: asyncio.Future[object] | None = None

    async def state(self) -> State:
        began = time.perf_counter()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask())
            self._asking.add_done_callback(_noted)
        await asyncio.wait([self._asking], timeout=CHECK_WITHIN)
        ms = round((time.perf_counter() - began) * 1000, 1)
        if not self._asking.done():
            return State(False, ms, "no answer")
        error = self._asking.exception()
        return State(error is None, ms, type(error).__name__ if error else None)


def _noted(asked: asyncio.Future[object]) -> None:
    """An error that comes when nobody waits any more: asyncio would write it to the log."""
    if not asked.cancelled():
        asked.exception()


class Readiness:
    def __init__(self) -> None:
        threads = ThreadPoolExecutor(len(TABLES), thread_name_prefix="readiness")
        self._checks = {alias: Check(_in(threads, alias)) for alias in TABLES}
        if settings.REDIS_URL:
            self._checks["broker"] = Check(ask_broker)
        self._states: dict[str, State] = {}
        self._asked_at = float("-inf")
        self._turn = asyncio.Lock()

    async def states(self) -> dict[str, State]:
        """The state of each thing, at most GOOD_FOR seconds old."""
        async with self._turn:
            if time.monotonic() - self._asked_at > GOOD_FOR:
                found = await asyncio.gather(*(check.state() for check in self._checks.values()))
                self._states = dict(zip(self._checks, found, strict=True))
                self._asked_at = time.monotonic()
            return self._states | {"server": State(not hub.closed, 0.0, _draining())}


def _draining() -> str | None:
    return "draining" if hub.closed else None


def _in(threads: ThreadPoolExecutor, alias: str) -> Callable[[], Awaitable[object]]:
    return lambda: asyncio.get_running_loop().run_in_executor(threads, ask_database, alias)


def ask_database(alias: str) -> None:
    """Read a row of the table that matters there; raises what the engine raises."""
    rows = TABLES[alias]._default_manager.using(alias)
    try:
        rows.values_list("pk", flat=True).first()
    finally:
        connections[alias].close()  # back to its pool; a file is opened anew, and so seen anew


async def ask_broker() -> None:
    from redis import asyncio as redis  # here, as an embedded chat needs none

    client = redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=CHECK_WITHIN, socket_timeout=CHECK_WITHIN
    )
    async with client:
        await client.ping()


readiness = Readiness()
"""Of this process; for its event loop."""
