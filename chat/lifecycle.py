"""How the chat begins and stops.

Nothing acked is lost, and every socket is told that the server restarts.
"""

import asyncio
from collections.abc import Awaitable

from chat import news, running
from chat.backplane import backplane
from chat.backplane.inbox import inbox
from chat.contacts import contacts
from chat.cursors import cursors
from chat.hub import hub
from chat.path import writer
from chat.presence import presence
from chat.protocol import Close

ACK_WITHIN = 1.5
"""Seconds for all that was taken; what has not begun to be stored by then will be sent again."""
LAST_BATCH_WITHIN = 1.5
"""Seconds, from then on, for what is being stored."""
CLOSE_WITHIN = 1.5
"""Seconds that sockets have to take their acks and the closing frame."""
SAVE_WITHIN = 1.0
"""Seconds for cursors and last seen, of which losing the last is harmless."""


async def begin(listening: bool = True) -> None:
    """Hear of other processes, and be heard of: now, or else when the first connection comes.

    Without `listening`, be heard of alone: nobody will be connected to this process.
    """
    running.begin()
    if not listening:
        await backplane.speak()
        return
    await backplane.join(inbox)
    await news.join()
    await contacts.begin()


async def drain() -> None:
    """Take nothing more, ack what was taken, close sockets with 1001, save what is coalesced.

    To be awaited on the server's event loop before the server itself shuts down. May be called
    again: there is then nothing left to do. Ends in time also while a database is locked.
    """
    hub.closed = True
    idle = await _within(ACK_WITHIN, writer.idle())
    if not idle:
        writer.give_up_waiting()
        idle = await _within(LAST_BATCH_WITHIN, writer.idle())
    connections = list(hub)
    for connection in connections:
        connection.close(Close.RESTART)  # each is seen to leave, now
    await _within(CLOSE_WITHIN, asyncio.gather(*(c.drained() for c in connections)))
    await _within(SAVE_WITHIN, asyncio.gather(cursors.save(), presence.save()))
    await _within(SAVE_WITHIN, _leave(well=idle))


async def _leave(well: bool) -> None:
    await news.leave()
    await backplane.leave(well)


async def _within(seconds: float, work: Awaitable[object]) -> bool:
    """Wait for `work`, but no longer than that; whether it was done."""
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        return False
    return True
