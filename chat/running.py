"""The event loop that the chat of this process runs on, for those who are in other threads.

A web server says that its own is it. Where no server comes (a worker, a command), the first who
needs one has one begun, in a thread of its own, by `outpost.py`.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from django.db import connections

from chat.protocol import Unavailable

T = TypeVar("T")

SERVED_WITHIN = 20.0
"""Seconds that those who come before the server runs wait for it."""
DONE_WITHIN = 20.0
"""Seconds that something on the loop may take."""

_loop: asyncio.AbstractEventLoop | None = None
_there = threading.Event()
_bring: Callable[[], object] = bool
"""Brings a loop, when somebody needs one and there is none yet."""


def without_server(start: Callable[[], None]) -> None:
    """Have `start` begin a loop where somebody needs one and no server is expected."""
    global _bring
    _bring = start


def expect() -> None:
    """A server is about to run in this process: whoever needs the loop waits for it."""
    global _bring
    _bring = partial(_there.wait, SERVED_WITHIN)


def begin() -> None:
    """The loop that calls this is it, unless there is one that runs already."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.get_running_loop()
        _there.set()


def is_here() -> bool:
    """Whether a loop runs in this process."""
    return _loop is not None and not _loop.is_closed()


def loop() -> asyncio.AbstractEventLoop:
    """From any thread but the loop's own. Raises Unavailable where a server never came to run."""
    if not is_here():
        _bring()
    if _loop is None or _loop.is_closed():
        raise Unavailable("The server does not run.")
    return _loop


def call(function: Callable[..., T], *args: Any) -> T:
    """What `function` gives, called on the loop; from any thread but the loop's own."""

    async def ask() -> T:
        return function(*args)

    return wait_for(ask())


def soon(function: Callable[..., object], *args: Any) -> None:
    """Have `function` called on the loop, which nobody waits for; from any thread but its own."""
    loop().call_soon_threadsafe(function, *args)


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, awaited on the loop; from any thread but the loop's own.

    The thread's database connections are given back meanwhile, but for those in a transaction: a
    pool has few to spare for those who wait, and while a store stalls others need them.
    Raises what it raises, and Unavailable where it takes too long.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
    try:
        future = asyncio.run_coroutine_threadsafe(work, loop())
    except BaseException:
        work.close()
        raise
    try:
        return future.result(DONE_WITHIN)
    except TimeoutError:
        future.cancel()
        raise Unavailable("The chat did not answer in time; try again.") from None
