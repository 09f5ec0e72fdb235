"""Work that is done a little later, so that what comes in between goes along."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import Context


class Later:
    """Runs `job` about `delay` seconds after it was asked for, and never twice at once."""

    def __init__(self, delay: float, job: Callable[[], Awaitable[None]]) -> None:
        self._delay = delay
        self._job = job
        self._asked = False
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def finish(self) -> None:
        """Do at once what was asked for, and wait until it is done."""
        if self._task is not None:
            self._hurry.set()
            await self._task

    def ask(self) -> None:
        self._asked = True
        if self._task is None:
            # for many: its log lines are not those of the connection that happened to ask
            self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def _run(self) -> None:
        try:
            while self._asked:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._hurry.wait(), self._delay)
                self._asked = False
                await self._job()
        finally:
            self._task = None
            self._hurry.clear()
