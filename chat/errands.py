"""Work on the event loop that nobody waits for, in nobody's name."""

import asyncio
from collections.abc import Coroutine
from contextvars import Context
from typing import Any

_under_way: set[asyncio.Task[None]] = set()
"""The event loop itself keeps no hold of its tasks."""


def run(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Have `work` done, beginning soon; its log lines are not those of whoever asked. Who gets the
    task may wait for it, and need not."""
    task = asyncio.get_running_loop().create_task(work, context=Context())
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return task
