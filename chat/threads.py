"""The threads that touch the databases: the event loop never does.

Several read, one writes messages, one saves what may be late (cursors, last seen): while a
database is locked, no message waits behind those.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar
from weakref import WeakValueDictionary

from django.db import DatabaseError, InterfaceError, connections

P = ParamSpec("P")
T = TypeVar("T")

ACTORS = 2
"""What changes something besides messages, and waits for others to be told of it."""
READERS = 4
"""Queries are short and share one interpreter; more threads would only take turns."""

_breaks = 0
"""How often a broken connection was found, by any thread."""
_this_thread = threading.local()  # breaks: how many of these it has looked after
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
_readers = ThreadPoolExecutor(READERS, thread_name_prefix="chat-reader")
_actors = ThreadPoolExecutor(ACTORS, thread_name_prefix="chat-actor")
_writer = ThreadPoolExecutor(1, thread_name_prefix="chat-writer")
_beside_writer = ThreadPoolExecutor(1, thread_name_prefix="chat-hints")
_saver = ThreadPoolExecutor(1, thread_name_prefix="chat-saver")


def read(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
    """Run `query` in a reader thread, which keeps its database connections between queries."""
    return _run(_readers, lambda: query(*args, **kwargs))


async def read_in_turn(account: str, query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Like `read`, one at a time for each account: nobody can take all the readers."""
    async with _turns.setdefault(account, asyncio.Lock()):
        return await read(query, *args, **kwargs)


def act(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
    """Run `job`, which may wait for the event loop and for readers, in an actor's thread."""
    return _run(_actors, lambda: job(*args, **kwargs))


def write(job: Callable[[], T], then: Callable[[T], object]) -> None:
    """Run `job`, which must not raise, in the writer's thread, and `then` on the event loop.

    Without a future of the loop's: every message waits for this hop.
    """
    loop = asyncio.get_running_loop()

    def work() -> None:
        _heal_after_others()
        loop.call_soon_threadsafe(then, job())

    _writer.submit(work)


def save(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
    """Run `job`, which nobody waits for, in the saver's thread."""
    return _run(_saver, lambda: job(*args, **kwargs))


def alongside(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
    """Run `job` beside what the writer's thread, which asks for it, does itself."""
    return _beside_writer.submit(_guarded, lambda: job(*args, **kwargs))


def waiting() -> dict[str, int]:
    """How many jobs wait for a thread of each kind."""
    executors = {"reader": _readers, "actor": _actors, "writer": _writer, "hints": _beside_writer,
                 "saver": _saver}  # fmt: skip
    # the standard library tells it in no other way
    return {name: executor._work_queue.qsize() for name, executor in executors.items()}


def heal(error: Exception) -> None:
    """Close those of this thread's connections that `error` says are of no use any more.

    A broken one, and one that SQLite opened while the file could only be read: it stays like
    that. Others are kept: on a full disk SQLite could not open a new one. A broken one is a sign
    that those of other threads are: these look before their next query.
    """
    global _breaks
    read_only = getattr(error.__cause__, "sqlite_errorname", "").startswith("SQLITE_READONLY")
    if _close_useless(read_only):
        _breaks += 1
        _this_thread.breaks = _breaks


def _heal_after_others() -> None:
    if getattr(_this_thread, "breaks", 0) != _breaks:
        _this_thread.breaks = _breaks
        _close_useless()


def _close_useless(all_of_them: bool = False) -> bool:
    """Whether there was one among this thread's connections."""
    found = False
    for connection in connections.all(initialized_only=True):
        with suppress(Exception):  # the writer must get to its next batch, whatever this says
            if connection.connection is not None and (all_of_them or not connection.is_usable()):
                found = True
                connection.close()
    return found


def _run(executor: ThreadPoolExecutor, call: Callable[[], T]) -> "asyncio.Future[T]":
    return asyncio.get_running_loop().run_in_executor(executor, _guarded, call)


def _guarded(call: Callable[[], T]) -> T:
    _heal_after_others()
    try:
        return call()
    except (DatabaseError, InterfaceError) as error:
        heal(error)
        raise
