"""The good-bye of a stopping server: what was sent is acked, then sockets close with 1001."""

import asyncio
import logging

from chat import lifecycle

SECONDS = 6.5
log = logging.getLogger(__name__)


async def drain() -> None:
    """Awaits the chat's own `drain`, for at most SECONDS; a failure there never stops the stop."""
    try:
        await asyncio.wait_for(lifecycle.drain(), SECONDS)
    except TimeoutError:
        log.warning("The sockets were not all closed within %s s; stopping all the same.", SECONDS)
    except Exception:
        log.exception("Closing the sockets failed; stopping all the same.")
