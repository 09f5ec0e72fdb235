"""Waiting for what announces itself in no frame."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

from tests.client import WITHIN

INTERVAL, LONGEST, GROWTH = 0.02, 0.15, 1.3
"""Seconds between the first looks, and between later ones, which may open a database each time."""


async def until(condition: Callable[[], object], within: float = WITHIN) -> None:
    """Look again and again until `condition()`; fails after `within` seconds."""
    for pause in _pauses(within):
        if condition():
            return
        await asyncio.sleep(pause)


async def until_awaited(condition: Callable[[], Awaitable[object]], within: float = WITHIN) -> None:
    """The same for a condition that must be awaited."""
    for pause in _pauses(within):
        if await condition():
            return
        await asyncio.sleep(pause)


def _pauses(within: float) -> Iterator[float]:
    """Fails where it is asked for one more after a look that began `within` seconds after the
    first: who stood still for so long looks once more."""
    end, pause, over = time.monotonic() + within, INTERVAL, False
    while not over:
        over = time.monotonic() >= end
        yield pause
        pause = min(LONGEST, GROWTH * pause)
    raise AssertionError(f"It did not come true within {within} s.")
