"""Which function answers which frame.

A command answers at once, on the event loop. A query reads the databases first: the queries of
a connection are answered one after another, in the order asked, while its other frames go on.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from chat.connection import Connection
from chat.protocol import Request, ServerFrame

R = TypeVar("R", bound=Request)
Command = Callable[[Connection, R], None]
Query = Callable[[Connection, R], Awaitable[ServerFrame]]

commands: dict[type, Command] = {}
queries: dict[type, Query] = {}


def command(frame: type[R]) -> Callable[[Command], Command]:
    """Have the decorated function called for `frame`; it may raise ChatError."""

    def register(function: Command) -> Command:
        commands[frame] = function
        return function

    return register


def query(frame: type[R]) -> Callable[[Query], Query]:
    """Have the decorated coroutine function answer `frame`; it may raise ChatError."""

    def register(function: Query) -> Query:
        queries[frame] = function
        return function

    return register
