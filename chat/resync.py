"""Has clients ask the store, where live frames may have been lost.

Spread over a while, so that not everybody asks in the same moment.
"""

import asyncio
import random

from chat.connection import Connection
from chat.hub import hub
from chat.protocol import Resync, encode

A_SECOND = 500
"""Connections told in a second."""
AT_LEAST, AT_MOST = 0.5, 10.0
"""Seconds over which they are told."""

_due: set[Connection] = set()


def resync_all() -> None:
    """Tell every connection, each once, however often this is asked meanwhile."""
    loop = asyncio.get_running_loop()
    connections = [connection for connection in hub if connection not in _due]
    spread = min(AT_MOST, max(AT_LEAST, len(connections) / A_SECOND))
    for connection in connections:
        _due.add(connection)
        loop.call_later(random.uniform(0, spread), _tell, connection)  # noqa: S311 (no secret)


def _tell(connection: Connection) -> None:
    _due.discard(connection)
    connection.push(encode(Resync()))
