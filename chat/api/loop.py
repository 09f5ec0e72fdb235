"""From the thread of a request to the chat's event loop, and to the readers beside it."""

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import connections

from chat import running, threads

P = ParamSpec("P")
T = TypeVar("T")


def on_loop(work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, on the event loop; raises what it raises, and Unavailable.

    The request's own database connections are given back meanwhile: there are few, and while a
    store stalls others need them.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
    return running.wait_for(work)


def in_turn(query: Callable[Concatenate[str, P], T], account: str, *args: P.args, **kwargs: P.kwargs
            ) -> T:  # fmt: skip
    """`query(account, …)` by the readers, one at a time for each account, as the socket does."""
    return on_loop(threads.read_in_turn(account, query, account, *args, **kwargs))
