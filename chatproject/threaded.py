"""Queries in threads, for event loops other than the chat's own (see chat/threads.py)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")

# not the loop's own executor: it has threads by the number of processors, and each may hold one
# of the connections that pages wait for
_short = ThreadPoolExecutor(1, thread_name_prefix="threaded")


async def run(query: Callable[[], T], executor: Executor = _short) -> T:
    """`query()` in a thread that keeps no connection: a broken one would stay broken there.

    What may take long, or wait, has an `executor` of its own: leases are renewed in the default.
    """
    return await asyncio.get_running_loop().run_in_executor(executor, _guarded, query)


def _guarded(query: Callable[[], T]) -> T:
    try:
        return query()
    finally:
        connections.close_all()
