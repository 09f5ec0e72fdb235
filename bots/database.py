"""Queries of the answers that are being given, in threads of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from chatproject import threaded

T = TypeVar("T")

THREADS = 2
"""Queries are short and share one interpreter; more threads would only take turns."""

looking_up = ThreadPoolExecutor(THREADS, thread_name_prefix="bots-tools")
"""For what models look up: a year of readings takes longer than the answers' own queries."""
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="bots-database")


async def query(function: Callable[[], T]) -> T:
    return await threaded.run(function, _threads)
