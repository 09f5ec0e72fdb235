"""Waiting for what announces itself in no frame."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.client import WITHIN

INTERVAL = 0.02


async def until(condition: Callable[[], object], within: float = WITHIN) -> None:
    """Look again and again until `condition()`; fails after `within` seconds."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, f"It did not come true within {within} s."
        await asyncio.sleep(INTERVAL)


async def until_awaited(condition: Callable[[], Awaitable[object]], within: float = WITHIN) -> None:
    """The same for a condition that must be awaited."""
    end = time.monotonic() + within
    while not await condition():
        assert time.monotonic() < end, f"It did not come true within {within} s."
        await asyncio.sleep(INTERVAL)
