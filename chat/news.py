"""News from anywhere (a page, a command, a worker) to every web process.

A process that has sockets acts at once, and tells the others through the channel layer. Rare
news only: messages have the backplane. News can be lost, so nobody relies on them alone.
"""

import asyncio
import logging
from collections.abc import Callable
from contextvars import Context
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from chat import errands, running
from chat.process import PROCESS

log = logging.getLogger(__name__)

GROUP = "web"
TOLD_WITHIN = 2.0
"""Seconds that the channel layer may take."""
RETRY = 1.0

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
_listener: asyncio.Task[None] | None = None


def on(kind: str) -> Callable[[Handler], Handler]:
    """Have the decorated function called for news of `kind`, on the event loop of every process
    with sockets, with the fields that were told."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def tell(kind: str, **fields: str) -> None:
    """Tell every web process, this one included. From any thread of any process."""
    message = {"type": kind, "sender": PROCESS, "fields": fields}
    if running.is_here():
        running.loop().call_soon_threadsafe(_act_and_send, message)
    else:
        _send_now(message)


async def join() -> None:
    """Listen to other processes, unless this one does already."""
    global _listener
    if _listener is None and get_channel_layer() is not None:
        loop = asyncio.get_running_loop()
        _listener = loop.create_task(_listen(), context=Context())  # nobody's in particular


async def leave() -> None:
    global _listener
    if _listener is not None:
        _listener.cancel()
        await asyncio.wait([_listener])
        _listener = None


def _act_and_send(message: dict[str, Any]) -> None:
    _act(message)
    if get_channel_layer() is not None:
        errands.run(_send(message))


def _send_now(message: dict[str, Any]) -> None:
    if get_channel_layer() is not None:
        async_to_sync(_send)(message)


async def _send(message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    try:
        await asyncio.wait_for(layer.group_send(GROUP, message), TOLD_WITHIN)
    except Exception as error:  # whatever the layer raises: what was to be told is done anyway
        log.error("Other processes could not be told: %s", type(error).__name__)


async def _listen() -> None:
    layer = get_channel_layer()
    while True:
        try:
            channel = await layer.new_channel()
            await layer.group_add(GROUP, channel)
            while True:
                _take(await layer.receive(channel))
        except Exception as error:
            log.error("News are not heard: %s", type(error).__name__)
            await layer.flush()  # it would keep the channel, and fill it
            await asyncio.sleep(RETRY)


def _take(message: dict[str, Any]) -> None:
    if message["sender"] != PROCESS:
        _act(message)


def _act(message: dict[str, Any]) -> None:
    handler = _handlers.get(message["type"])
    if handler is not None:  # else it comes from a later version
        handler(**message["fields"])
