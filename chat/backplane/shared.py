"""The backplane of many processes: Redis, with one subscription each.

Not a channel layer: those hand on one message at a time, and drop some without a word when a
queue is full.
"""

import asyncio
from contextlib import suppress
from contextvars import Context

from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chat.backplane.alone import Backplane, Inbox
from chat.backplane.news import Item
from chat.backplane.publisher import Publisher
from chat.backplane.roll import BEAT, Roll
from chat.backplane.subscriber import Subscriber
from chat.process import PROCESS

JOIN_WITHIN = 3.0
"""Seconds that the first connection waits for Redis."""
LEAVE_WITHIN = 1.0
OVERSLEPT = 2.0
"""Seconds by which a beat is late when it was this process that stood still."""


class SharedBackplane(Backplane):
    def __init__(self, url: str, process: str = PROCESS) -> None:
        self._url = url
        self._process = process
        self._redis: Redis | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, inbox: Inbox) -> None:
        if self._redis is None:
            self._begin(inbox)
        if not self._subscriber.tried.is_set():
            try:
                await asyncio.wait_for(self._subscriber.tried.wait(), JOIN_WITHIN)
            except TimeoutError:
                self._subscriber.deaf = True  # who comes in from now on may miss something

    def _begin(self, inbox: Inbox) -> None:
        redis, channel = _connect(self._url), channel_of(self._url)
        roll = Roll(redis, self._process)
        self._redis = redis
        self._publisher = Publisher(redis, channel, roll, inbox.people_here)
        self._subscriber = Subscriber(redis, channel, roll, self._publisher, inbox)
        loop = asyncio.get_running_loop()
        # their log lines are not those of the connection that happened to be the first
        self._tasks = [
            loop.create_task(self._subscriber.listen(), context=Context()),
            loop.create_task(self._beat_forever(), context=Context()),
        ]

    def tell(self, item: Item) -> None:
        if self._redis is not None:
            self._publisher.put(item)

    async def leave(self, well: bool = True) -> None:
        if self._redis is None:
            return
        for task in self._tasks:
            task.cancel()
        with suppress(RedisError, OSError, TimeoutError):
            await asyncio.wait_for(self._publisher.finish(well), LEAVE_WITHIN)
        await self._redis.aclose()
        self._redis = None

    def figures(self) -> dict[str, float]:
        if self._redis is None:
            return {}
        return {
            "connected": float(self._subscriber.connected),
            "peers": self._subscriber.peers,
            "published": self._publisher.published,
            "received": self._subscriber.received,
            "lost": self._publisher.lost,
            "gaps": self._subscriber.gaps,
            "waiting": self._publisher.waiting,
        }

    async def _beat_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._publisher.beat()
            due = loop.time() + BEAT
            await asyncio.sleep(BEAT)
            if loop.time() - due > OVERSLEPT:
                self._subscriber.overslept()
            self._subscriber.bury()


def channel_of(url: str) -> str:
    """Redis's numbered databases share all channels, so the channel has the number in its name."""
    return f"chat:{parse_url(url).get('db', 0)}:web"


def _connect(url: str) -> Redis:
    """A client that tries once: whoever fails here has a way of its own to go on."""
    return Redis.from_url(
        url,
        socket_connect_timeout=2.0,
        socket_timeout=None,  # a subscription may be silent; each question has a time of its own
        socket_keepalive=True,
        health_check_interval=0,
        retry=Retry(NoBackoff(), 0),
        max_connections=20,
    )
