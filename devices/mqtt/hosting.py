"""Where the bridge runs: a thread, with an event loop of its own, of a server or of a worker."""

import asyncio
import logging
import threading

from django.conf import settings

LEASE = "mqtt"
STOPPED_WITHIN = 3.0
"""Seconds; who does not stop in time leaves the lease to run out."""
log = logging.getLogger(__name__)


class Host:
    """The thread, begun once and stopped once; nothing where there is no MQTT_URL."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if settings.MQTT_URL and self._thread is None:
            self._thread = threading.Thread(
                target=lambda: asyncio.run(self._run()), name="mqtt", daemon=True
            )
            self._thread.start()

    def cancel(self) -> None:
        """Tell it to stop; from any thread, also in the handler of a signal."""
        if self._loop is not None and self._task is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._task.cancel)

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(STOPPED_WITHIN)

    async def _run(self) -> None:
        # only who has a broker loads the library for it
        from chatproject.lease import Holder, while_held
        from devices.mqtt.bridge import bridge

        self._loop = asyncio.get_running_loop()
        self._task = asyncio.ensure_future(while_held(Holder(LEASE), bridge))
        await asyncio.wait([self._task])


host = Host()
"""This process's."""
