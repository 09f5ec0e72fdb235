"""Questions of many, answered together: group commit, for reading.

What is asked while one query runs is answered by the next, all of it by one. A lone question is
asked at once; when everybody comes at once, they share.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from chat.threads import read

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

AT_ONCE = 200
"""Questions in one query, unless said otherwise."""


class Gathering(Generic[K, V]):
    """Asks `query`, which runs in a reader thread, many questions at a time.

    It answers all of them, in their order; equal ones are asked once.
    """

    def __init__(self, query: Callable[[list[K]], Sequence[V]], at_once: int = AT_ONCE) -> None:
        self._query = query
        self._at_once = at_once
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V:
        """The answer; raises what the query raises."""
        loop = asyncio.get_running_loop()
        answer = self._waiting.setdefault(key, loop.create_future())
        if self._task is None:
            self._task = loop.create_task(self._ask_all(), context=Context())  # it is for many
        return await asyncio.shield(answer)

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                keys = list(self._waiting)[: self._at_once]
                await self._ask({key: self._waiting.pop(key) for key in keys})
        finally:
            self._task = None

    async def _ask(self, asked: dict[K, "asyncio.Future[V]"]) -> None:
        try:
            answers = await read(self._query, list(asked))
        except Exception as error:
            for answer in asked.values():
                answer.set_exception(error)
                answer.exception()  # whoever asked may have gone
            return
        for future, found in zip(asked.values(), answers, strict=True):
            future.set_result(found)
