"""Queries in a thread, for event loops other than the chat's own (see chat/threads.py)."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


async def run(query: Callable[[], T]) -> T:
    """`query()` in a thread that keeps no connection: a broken one would stay broken there."""
    return await asyncio.to_thread(_guarded, query)


def _guarded(query: Callable[[], T]) -> T:
    try:
        return query()
    finally:
        connections.close_all()
