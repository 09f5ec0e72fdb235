"""Kombu's way to Redis, except that a worker outlives Redis also while it holds tasks.

A channel (of kombu 5.7) whose connection was lost looks for its parameters where there are none any
more, to put tasks back or to acknowledge one that ended meanwhile. The AttributeError ends the
worker. What it means is that the connection is lost, and a worker that is told so connects anew.
The tasks are not: Redis gives them out again when their time is up.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError


class LastingChannel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise ConnectionError("The connection of this channel was lost.")
        found: dict[str, Any] = super()._connparams(asynchronous)
        return found


class LastingTransport(redis.Transport):
    Channel = LastingChannel
