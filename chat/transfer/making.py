"""A worker makes the copies that people asked for, one after the other.

Each under a lease: where a worker dies over one, another begins it anew. Runs queries.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils import timezone

from chat.models import Download
from chat.transfer import files
from chat.transfer.archive import Archive
from chat.transfer.downloads import UNFINISHED, State, finish
from chatproject.attempts import Attempts
from chatproject.lease import Holder
from chatproject.models import Lease

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(hours=6)
"""What is not done by then fails each time."""
TOLD_EVERY = 0.5
"""Seconds between two notes of how far it is."""
_of_each = Attempts()


class Interrupted(Exception):
    """The lease is another's, or the person wants the copy no more."""


def make_all() -> None:
    """Make what is asked for and nobody is at; gives way to others who have begun."""
    for download in Download.objects.filter(state__in=UNFINISHED).order_by("asked_at"):
        holder = Holder(f"download:{download.pk}")
        if holder.take():
            try:
                _of_each.do(f"The download {download.pk}", partial(_make, download, holder))
            finally:
                holder.release()
                Lease.objects.filter(name=holder.name, holder=holder.who).delete()


def _make(download: Download, holder: Holder) -> None:
    waiting = Download.objects.filter(pk=download.pk, state__in=UNFINISHED)
    if not waiting.exists():
        return  # another has made it since it was looked up
    if download.asked_at < timezone.now() - GIVEN_UP_AFTER:
        waiting.update(state=State.FAILED)
        return
    try:
        _write(download, holder)
    except Interrupted:
        pass
    except OSError as error:  # the disk is full, say
        log.error("A download could not be written: %s", error.strerror)
        waiting.update(state=State.FAILED)


def _write(download: Download, holder: Holder) -> None:
    tell = _teller(download, holder)
    archive = Archive(download.account_id, timezone.now(), tell)
    download.state, download.done, download.total = State.RUNNING, 0, archive.total
    download.save(update_fields=["state", "done", "total"])
    with files.making(download.pk) as file:
        archive.write(file)
        _keep(holder)
    finish(download)


def _teller(download: Download, holder: Holder) -> Callable[[int], None]:
    """Notes how far it is, now and then, and keeps the lease. Raises Interrupted."""
    noted_at = time.monotonic()

    def tell(more: int) -> None:
        nonlocal noted_at
        download.done += more
        if time.monotonic() - noted_at > TOLD_EVERY:
            noted_at = time.monotonic()
            _keep(holder)
            if not Download.objects.filter(pk=download.pk).update(done=download.done):
                raise Interrupted

    return tell


def _keep(holder: Holder) -> None:
    if not (holder.left and holder.take()):
        raise Interrupted
