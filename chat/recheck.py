"""Looks again, every few seconds, whether those who are connected still may be.

News of a sign-out, a revoked token or a suspension can be lost, or come from another process;
this is what makes them take effect within 30 s all the same. It also saves when people were
last seen, so that a crash does not make them look long gone.
"""

import asyncio
import logging
from contextlib import suppress
from contextvars import Context

from django.conf import settings

from chat import joining
from chat.connection import Connection
from chat.hub import hub
from chat.identity import still_valid
from chat.joined import joined, memberships_of
from chat.presence import presence
from chat.protocol import Close
from chat.threads import read

log = logging.getLogger(__name__)

STALLED_AFTER = 20.0
"""Seconds that a peer may read nothing. The server's own pings don't end a connection whose
outgoing buffer is full: its closing would wait for that buffer."""
SAVE_PRESENCE_EVERY = 60.0
AT_ONCE = 500
"""Connections looked up by one query."""

_task: asyncio.Task[None] | None = None
_hurry = asyncio.Event()


def start() -> None:
    """Begin, unless begun; goes on until the event loop ends."""
    global _task
    if _task is None or _task.get_loop() is not asyncio.get_running_loop():
        # in the name of no connection, which would be in its log lines
        _task = asyncio.get_running_loop().create_task(_forever(), context=Context())


def soon() -> None:
    """Look again at once: news of endings may have been lost."""
    _hurry.set()


async def _forever() -> None:
    loop = asyncio.get_running_loop()
    saved_at = loop.time()
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(_hurry.wait(), settings.RECHECK_INTERVAL)
        _hurry.clear()
        try:
            await _recheck()
            if loop.time() - saved_at > SAVE_PRESENCE_EVERY:
                saved_at = loop.time()
                await presence.save(everybody=True)
        except Exception as error:  # whatever it is, the next round must come
            log.error("Connections could not be rechecked: %s", type(error).__name__)


async def _recheck() -> None:
    connections = list(hub)
    for start in range(0, len(connections), AT_ONCE):
        await _close_invalid(connections[start : start + AT_ONCE])


async def _close_invalid(connections: list[Connection]) -> None:
    await _reload_joined({connection.account for connection in connections})
    valid = await read(still_valid, [connection.identity for connection in connections])
    for connection in connections:
        if connection.identity not in valid:
            connection.close(Close.SIGNED_OUT)
        elif connection.stalled(STALLED_AFTER):
            connection.close(Close.TOO_SLOW)


async def _reload_joined(present: set[str]) -> None:
    accounts = [account for account in present if joined.knows(account)]
    news = [joined.news_of(account) for account in accounts]
    found = await read(memberships_of, accounts) if accounts else []
    for account, conversations, count in zip(accounts, found, news, strict=True):
        await joining.reload(account, conversations, count)
