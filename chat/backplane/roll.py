"""Who has connections where: one hash in Redis for each process, which is its lease as well.

It expires by itself, so whom a dead process had connections of is nobody's any more.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import cast

import msgspec
from redis.asyncio import Redis

from chat.backplane.news import Came, Left

LEASE = 20.0
"""Seconds without a beat after which a process counts as dead; longer than a short hang."""
BEAT = 3.0
"""Seconds between two beats."""
ROLLS = "chat:webs"
"""The set of all processes' names."""
EXISTS = ""
"""A field that every roll has: Redis keeps no empty hash."""

_people = msgspec.msgpack.Decoder(Came)


def key(process: str) -> str:
    return f"chat:web:{process}"


class Roll:
    """The rolls in Redis. Every method raises redis.RedisError or OSError where that is away."""

    def __init__(self, redis: Redis, process: str) -> None:
        """`process` is the one whose roll is written."""
        self._redis = redis
        self.process = process

    async def renew(self) -> bool:
        """Prolong this process's lease; whether there was one. A roll without its mark was begun
        after Redis had lost it."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.hexists(key(self.process), EXISTS)
        pipe.expire(key(self.process), int(LEASE))
        pipe.sadd(ROLLS, self.process)
        exists, *_ = await pipe.execute()
        return bool(exists)

    async def write(self, people: list[Came]) -> None:
        """Put down all whom this process has connections of."""
        mine = key(self.process)
        fields = {EXISTS: b""} | {p.name: msgspec.msgpack.encode(p) for p in people}
        pipe = self._redis.pipeline(transaction=True)
        pipe.delete(mine)
        pipe.hset(mine, mapping=cast(dict, fields))
        pipe.expire(mine, int(LEASE))
        pipe.sadd(ROLLS, self.process)
        await pipe.execute()

    async def change(self, changes: list[Came | Left]) -> None:
        """Put down who came and who left."""
        latest = {change.name: change for change in changes}
        pipe = self._redis.pipeline(transaction=False)
        for name, change in latest.items():
            if isinstance(change, Came):
                pipe.hset(key(self.process), name, msgspec.msgpack.encode(change))
            else:
                pipe.hdel(key(self.process), name)
        await pipe.execute()

    async def remove(self) -> None:
        await self._redis.delete(key(self.process))
        await self._redis.srem(ROLLS, self.process)

    async def read(self, process: str) -> dict[str, Came] | None:
        """Whom `process` has connections of; None where it is dead."""
        fields = cast(dict[bytes, bytes], await self._redis.hgetall(key(process)))
        if not fields:
            await self._redis.srem(ROLLS, process)
            return None
        return dict(_read(fields))

    async def read_others(self) -> dict[str, dict[str, Came]]:
        """The same of all processes but this one."""
        members = cast(set[bytes], await self._redis.smembers(ROLLS))
        others = {name.decode() for name in members} - {self.process}
        found = {process: await self.read(process) for process in others}
        return {process: people for process, people in found.items() if people is not None}


def _read(fields: dict[bytes, bytes]) -> Iterator[tuple[str, Came]]:
    """Of a process of another version, what can be read."""
    for name, came in fields.items():
        with suppress(msgspec.MsgspecError):
            if name:
                yield name.decode(), _people.decode(came)
