"""How the chat stops: nothing acked is lost, and every socket is told that the server restarts."""

import asyncio

from chat.cursors import cursors
from chat.hub import hub
from chat.path import writer
from chat.presence import presence
from chat.protocol import Close

CLOSE_WITHIN = 2.0
"""Seconds that sockets have to take their acks and the closing frame."""


async def drain() -> None:
    """Take nothing more, ack what was taken, save what is coalesced, close sockets with 1001.

    To be awaited on the server's event loop before the server itself shuts down. May be called
    again: there is then nothing left to do.
    """
    hub.closed = True
    await writer.idle()
    await presence.save(everybody=True)
    connections = list(hub)
    for connection in connections:
        connection.close(Close.RESTART)
    if connections:
        closing = [asyncio.ensure_future(connection.drained()) for connection in connections]
        await asyncio.wait(closing, timeout=CLOSE_WITHIN)
    await cursors.save()
