"""The backplane of many processes: Redis, with one subscription each.

Not a channel layer: those hand on one message at a time, and drop some without a word when a
queue is full.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chat.backplane.alone import Backplane, Inbox
from chat.backplane.news import Came, Item
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
        self._subscriber: Subscriber | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, inbox: Inbox) -> None:
        subscriber = self._subscriber or self._listen(inbox)
        if not subscriber.tried.is_set():
            try:
                await asyncio.wait_for(subscriber.tried.wait(), JOIN_WITHIN)
            except TimeoutError:
                subscriber.deaf = True  # who comes in from now on may miss something

    async def speak(self) -> None:
        self._begin(list)
        self._publisher.beat()
        with suppress(TimeoutError):  # once it was heard of, it will be missed where it dies
            await asyncio.wait_for(self._publisher.said(), JOIN_WITHIN)

    def _listen(self, inbox: Inbox) -> Subscriber:
        redis, roll = self._begin(inbox.people_here)
        channel = channel_of(self._url)
        self._subscriber = Subscriber(redis, channel, roll, self._publisher, inbox)
        self._run(self._subscriber.listen())
        return self._subscriber

    def _begin(self, people_here: Callable[[], list[Came]]) -> tuple[Redis, Roll]:
        self._redis = _connect(self._url)
        roll = Roll(self._redis, self._process)
        self._publisher = Publisher(self._redis, channel_of(self._url), roll, people_here)
        self._run(self._beat_forever())
        return self._redis, roll

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """In nobody's name: its log lines are not those of the first connection."""
        loop = asyncio.get_running_loop()
        self._tasks.append(loop.create_task(work, context=Context()))

    def tell(self, item: Item) -> None:
        if self._redis is not None:
            self._publisher.put(item)

    async def leave(self, well: bool = True) -> None:
        if self._redis is None:
            return
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        with suppress(RedisError, OSError, TimeoutError):
            await asyncio.wait_for(self._publisher.finish(well), LEAVE_WITHIN)
        await self._redis.aclose()
        self._redis = self._subscriber = None

    def figures(self) -> dict[str, float]:
        if self._redis is None or self._subscriber is None:
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
            if self._subscriber is None:
                continue
            if (late := loop.time() - due) > OVERSLEPT:
                self._subscriber.overslept(late)
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
