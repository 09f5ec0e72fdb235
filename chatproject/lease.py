"""Work that one process of the whole installation does, as long as it lives: a lease in `default`.

Who holds it renews it; who dies lets it run out, and another takes it. Times are the database's, so
the clocks of machines may differ. A holder counts from before it asked, the database from when it
was asked: who holds it stops before anybody else can begin.
"""

import asyncio
import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from django.db.models.functions import Now

from chatproject import threaded
from chatproject.models import Lease

LASTS = 15.0
"""Seconds that a lease lasts unless it is renewed."""
RENEWED_EVERY = 4.0
"""Seconds; in between, a database that does not answer for a moment costs nothing."""
SPARE = 2.0
"""Seconds before its end at which a holder gives up: its work needs some time to stop."""
log = logging.getLogger(__name__)


class Holder:
    """This process, as one that wants the lease called `name`."""

    def __init__(self, name: str, lasts: float = LASTS) -> None:
        """`lasts`: seconds, more than SPARE."""
        self.name = name
        self.lasts = lasts
        self.who = f"{socket.gethostname()[:64]}:{os.getpid()}:{uuid.uuid4().hex}"
        self._until = 0.0

    @property
    def left(self) -> float:
        """Seconds for which this process holds it; 0.0 where it does not."""
        return max(0.0, self._until - time.monotonic())

    def take(self) -> bool:
        """Take the lease, or renew it; False where another has it. Runs queries."""
        asked, until = time.monotonic(), Now() + timedelta(seconds=self.lasts)
        free = Q(holder=self.who) | Q(until__lte=Now())
        found = Lease.objects.filter(free, name=self.name).update(holder=self.who, until=until)
        if not found:
            _, found = Lease.objects.get_or_create(
                name=self.name, defaults={"holder": self.who, "until": until}
            )
        self._until = asked + self.lasts - SPARE if found else 0.0
        return bool(found)

    def release(self) -> None:
        """Let another have it at once. Runs queries."""
        self._until = 0.0
        Lease.objects.filter(name=self.name, holder=self.who).update(until=Now())


async def while_held(
    holder: Holder, work: Callable[[], Coroutine[Any, Any, None]], every: float = RENEWED_EVERY
) -> None:
    """Do `work` while this process holds the lease, until cancelled; then release it.

    Where the lease is lost, `work` is cancelled, and has SPARE seconds to end; where it ends by
    itself, it is begun anew.
    """
    working = asyncio.ensure_future(_nothing())
    try:
        while True:
            await _renew(holder)
            if holder.left and working.done():
                working = asyncio.ensure_future(work())
            elif not holder.left:
                await _end(working)
            await asyncio.sleep(min(every, holder.left or every))
    finally:
        await _end(working)
        with suppress(DatabaseError, InterfaceError):
            await threaded.run(holder.release)


async def once(
    holder: Holder, work: Callable[[], Coroutine[Any, Any, None]], every: float = RENEWED_EVERY
) -> bool:
    """Do `work` under the lease, and release it; False where another holds it.

    Raises what `work` raises. Where the lease is lost on the way, `work` is cancelled.
    """
    working = asyncio.ensure_future(_nothing())
    try:
        await _renew(holder)
        if not holder.left:
            return False
        working = asyncio.ensure_future(work())
        await _renew_until_done(holder, working, every)
        if working.done():
            working.result()
        return True
    finally:
        await _end(working)
        with suppress(DatabaseError, InterfaceError):
            await threaded.run(holder.release)


async def _renew_until_done(holder: Holder, working: "asyncio.Future[None]", every: float) -> None:
    while holder.left:
        done, _ = await asyncio.wait([working], timeout=min(every, holder.left))
        if done:
            return
        await _renew(holder)


def forget_all() -> None:
    """For who knows that no other process lives: whoever held a lease died. Runs queries."""
    Lease.objects.all().delete()


async def _renew(holder: Holder) -> None:
    """Waits for the database no longer than the lease lasts; what comes later counts, too."""
    asking = asyncio.ensure_future(threaded.run(holder.take))
    asking.add_done_callback(_tell)
    await asyncio.wait([asking], timeout=holder.left or None)


def _tell(asked: "asyncio.Future[bool]") -> None:
    if not asked.cancelled() and (error := asked.exception()):
        log.warning("A lease cannot be renewed: %s", type(error).__name__)


async def _end(working: "asyncio.Future[None]") -> None:
    working.cancel()
    await asyncio.wait([working])


async def _nothing() -> None:
    pass
