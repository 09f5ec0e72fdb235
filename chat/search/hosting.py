"""Where the index is kept up: a thread of a server or of a worker; in one process, by a lease.

Two who do it at the same time do no harm, so the lease only saves work; where nothing is said,
nobody takes it.
"""

import logging
import os
import threading
import time

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from chat.search.choice import index
from chat.search.index import execute
from chat.search.indexing import Indexer
from chatproject.databases import DEFAULT
from chatproject.lease import RENEWED_EVERY, Holder

LEASE = "search"
LOOKS_EVERY = 0.5
"""Seconds; so long, at most, a new message waits where there is little to do."""
TRIES_AGAIN_AFTER = 5.0
"""Seconds after a failure."""
SHARE = 20
"""Where the machine is busy, it rests so many times as long as it worked."""
LONGEST_REST = 1.0
"""Seconds: also on a machine that has too much to do, what was said is found before long."""
STOPPED_WITHIN = 3.0
"""Seconds; what has not stopped by then loses one step, which the next process does again."""
log = logging.getLogger(__name__)


class Host:
    """The thread, begun once and stopped once."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._holder = Holder(LEASE)
        self._renew_at = 0.0
        self._load = Load()

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._live, name="search", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Tell it to stop; from any thread, also in the handler of a signal."""
        self._stop.set()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join(STOPPED_WITHIN)

    def _live(self) -> None:
        pause = LOOKS_EVERY
        indexer = Indexer(self._is_ours)
        while not self._stop.wait(pause):
            try:
                self._bring_up_to_date(indexer)
                pause = LOOKS_EVERY
                if connections[DEFAULT].vendor != "sqlite":
                    connections.close_all()  # a pool has few of them
            except Exception as error:  # it must not end the thread; str(error) could quote a body
                log.warning("The search index is not kept up: %s", type(error).__name__)
                pause = TRIES_AGAIN_AFTER
                connections.close_all()  # a broken one would stay broken
        self._release()

    def _bring_up_to_date(self, indexer: Indexer) -> None:
        """Until there is nothing new, with rests."""
        self._make_light()
        while not self._stop.is_set():
            began = time.monotonic()
            found = indexer.step()
            if found is None:
                break
            self._rest(began)
            if found:
                self._tidy()

    def _tidy(self) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            if not index().tidy():
                return
            self._rest(began)

    def _rest(self, began: float) -> None:
        worked = time.monotonic() - began
        self._stop.wait(min(LONGEST_REST, worked * (1 + (SHARE - 1) * self._load.now())))

    def _is_ours(self) -> bool:
        """Whether this process has the lease, or gets it; asked where there is something to do."""
        if time.monotonic() >= self._renew_at:
            self._holder.take()
            self._renew_at = time.monotonic() + RENEWED_EVERY
        return self._holder.left > 0

    def _make_light(self) -> None:
        """The index may lose its last moments to a power cut, with the note of how far it had
        come: so its commits need no sync of the disk, for which others would wait."""
        if connections[DEFAULT].vendor == "sqlite":
            execute("PRAGMA synchronous=NORMAL", [])

    def _release(self) -> None:
        try:
            if self._holder.left:
                self._holder.release()
        except (DatabaseError, InterfaceError):
            pass  # it runs out
        connections.close_all()


class Load:
    """How busy the rest of this process is or, where the chat is of many, the machine."""

    def __init__(self) -> None:
        self._last = (0.0, 0.0)

    def now(self) -> float:
        """From 0.0, nothing else runs, to 1.0, a processor has nothing left."""
        if not settings.EMBEDDED:
            return min(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        at, used = time.monotonic(), time.process_time() - time.thread_time()
        (before_at, before_used), self._last = self._last, (at, used)
        share = (used - before_used) / max(at - before_at, 0.001)
        return min(1.0, max(0.0, share))  # the two clocks of processors differ a little


host = Host()
"""This process's."""
