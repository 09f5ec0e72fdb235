"""The chat's event loop in a process that serves nobody: a worker, or a command.

It stores messages by the same path as a web process and tells the web processes of them. It
does not listen to these: nobody is connected here.
"""

import asyncio
import atexit
import threading

from chat import lifecycle, running

BEGUN_WITHIN = 10.0
STOPPED_WITHIN = 5.0

_lock = threading.Lock()
_stop: asyncio.Event | None = None
_thread: threading.Thread | None = None


def start() -> None:
    """Begin, unless begun; returns once it runs. From any thread."""
    global _thread
    with _lock:
        if _thread is not None:
            return
        begun = threading.Event()
        _thread = threading.Thread(
            target=lambda: asyncio.run(_live(begun)), name="chat-outpost", daemon=True
        )
        _thread.start()
        begun.wait(BEGUN_WITHIN)
        atexit.register(stop)


def stop() -> None:
    """Store and tell what is under way, and end; harmless where it never began."""
    if _thread is None or _stop is None or not running.is_here():
        return
    running.loop().call_soon_threadsafe(_stop.set)
    _thread.join(STOPPED_WITHIN)


async def _live(begun: threading.Event) -> None:
    global _stop
    _stop = asyncio.Event()
    running.begin()
    await lifecycle.begin(listening=False)
    begun.set()
    await _stop.wait()
    await lifecycle.drain()


running.without_server(start)
