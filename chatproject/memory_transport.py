"""Kombu's way through the process's own memory, without looking again and again, or losing tasks.

Kombu's own sleeps between two looks: what is put meanwhile waits for its end, and a process in
which nothing happens wakes up for nothing.
"""

import threading
import time
from queue import Empty, Queue
from typing import Any

from kombu.transport import memory
from kombu.utils.scheduling import FairCycle

_put = threading.Event()
"""Something was put into a queue. One thread of the process waits: its only worker's."""


class WakingChannel(memory.Channel):
    def _queue_for(self, queue: str) -> Queue[Any]:
        """The one of this name, made once.

        Kombu's own (5.7) looks whether there is one, and then puts a new one in its place, be
        there one by then or not: what another thread had put into that was lost, so now and then
        the first task of a server.
        """
        found: Queue[Any] | None = self.queues.get(queue)
        return self.queues.setdefault(queue, Queue()) if found is None else found

    def _new_queue(self, queue: str, **_: Any) -> None:
        self._queue_for(queue)

    def _put(self, *args: Any, **options: Any) -> None:
        super()._put(*args, **options)
        _put.set()

    def _put_fanout(self, *args: Any, **options: Any) -> None:
        super()._put_fanout(*args, **options)
        _put.set()


class WakingTransport(memory.Transport):
    Channel = WakingChannel
    cycle: FairCycle

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Deliver one message; raises TimeoutError where none comes within `timeout` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            _put.clear()  # before looking: what is put from here on is seen the next time
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                left = None if end is None else end - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError from None
                _put.wait(left)
            else:
                return
