"""From the thread of a request to the chat's event loop, and to the readers beside it."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from chat import running, threads

P = ParamSpec("P")
T = TypeVar("T")


def in_turn(query: Callable[Concatenate[str, P], T], account: str, *args: P.args, **kwargs: P.kwargs
            ) -> T:  # fmt: skip
    """`query(account, …)` by the readers, one at a time for each account, as the socket does."""
    return running.wait_for(threads.read_in_turn(account, query, account, *args, **kwargs))
