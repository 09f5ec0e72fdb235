"""For ASGI servers started by hand (`uvicorn chatproject.asgi:application`): the same hosting."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

from django.core.management.base import CommandError

from chat import lifecycle
from chatproject.serving.drain import drain
from chatproject.serving.hosting import hosting

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def lifespan(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Hosts from `lifespan.startup` to `lifespan.shutdown`; a refusal is the server's to print."""
    await receive()
    with ExitStack() as stack:
        try:
            await asyncio.to_thread(stack.enter_context, hosting(print))
        except CommandError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await lifecycle.begin()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await drain()
    await send({"type": "lifespan.shutdown.complete"})
