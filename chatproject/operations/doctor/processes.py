"""Web processes, Celery workers and beat: whether they are there."""

import asyncio
import fcntl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from redis.asyncio import Redis

from chat.backplane.roll import Roll
from chatproject.celery import app
from chatproject.models import Claim
from chatproject.operations.doctor.finding import Finding, fail, ok, warn
from chatproject.serving import lock

ANSWER_WITHIN = 2.0
"""Seconds that workers have."""
BEAT_AT_LEAST_EVERY = timedelta(hours=1, minutes=10)
"""The longest slot of the project's own tasks, and some time for it."""


def web() -> Iterator[Finding]:
    found = len(asyncio.run(_lively()))
    if found:
        yield ok("Web processes", f"{found} have people connected")
    else:
        yield warn("Web processes", "none has anybody connected",
                   "Start one, if there is none: deploy/web")  # fmt: skip


async def _lively() -> list[str]:
    async with Redis.from_url(settings.REDIS_URL, socket_timeout=3) as client:
        return list(await Roll(client, "doctor").read_others())


def workers() -> Iterator[Finding]:
    answers = app.control.inspect(timeout=ANSWER_WITHIN).ping() or {}
    if answers:
        yield ok("Workers", f"{len(answers)} of Celery's answer")
    else:
        yield fail("Workers", "none answers: no periodic task is done", "Start one: deploy/worker")


def beat() -> Iterator[Finding]:
    """By its traces: a task was done in a recent slot."""
    if Claim.objects.filter(claimed_at__gt=timezone.now() - BEAT_AT_LEAST_EVERY).exists():
        yield ok("Beat", "periodic tasks are done")
    else:
        yield warn("Beat", "no periodic task was done in the last hour",
                   "Start it, once: deploy/beat; and see that a worker answers.")  # fmt: skip


def embedded() -> Iterator[Finding]:
    """Who serves from the data folder."""
    file = settings.DATA_DIR / lock.NAME
    if _is_held(file):
        yield ok("Server", f"running (process {file.read_text().strip()})")
    else:
        yield warn("Server", "not running", "Start it: make serve, or manage.py serve")


def _is_held(file: Path) -> bool:
    try:
        with file.open() as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
