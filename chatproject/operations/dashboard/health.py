"""Whether everything runs that the chat stands on."""

import math
import shutil
from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from chat import running
from chat.backplane import backplane
from chat.protocol import Unavailable
from chatproject.models import Claim
from chatproject.operations import queues
from chatproject.operations.doctor.machine import LITTLE_SPACE
from chatproject.operations.doctor.processes import BEAT_AT_LEAST_EVERY
from chatproject.operations.readiness import State, readiness
from devices.words import age

TITLES = {
    "default": "Database of accounts",
    "messages": "Database of messages",
    "broker": "Redis",
    "server": "This server",
}
MANY_TASKS = 1_000


class Fact(NamedTuple):
    title: str
    says: str
    good: bool


def look() -> list[Fact]:
    return [*_states(), *_processes(), _periodic_work(), *_queue(), _disk()]


def _states() -> Iterator[Fact]:
    try:
        states = running.wait_for(readiness.states())
    except Unavailable:
        yield Fact(TITLES["server"], "does not answer", False)
        return
    for name, state in states.items():
        yield Fact(TITLES[name], _said(state), state.up)


def _said(state: State) -> str:
    if not state.up:
        return f"down: {state.error}"
    return f"up, answers in {state.ms:g} ms" if state.ms else "up"


def _processes() -> Iterator[Fact]:
    figures = backplane.figures()
    if figures:
        heard = bool(figures["connected"])
        says = f"{int(figures['peers']) + 1} hear each other" if heard else "not heard by this one"
        yield Fact("Web processes", says, heard)


def _periodic_work() -> Fact:
    """That a beat and a worker run is seen by what they did."""
    last = Claim.objects.order_by("-claimed_at").values_list("claimed_at", flat=True).first()
    if last is None:
        return Fact("Periodic work", "none was done yet", False)
    now = timezone.now()
    return Fact("Periodic work", f"last begun {age(last, now)}", now - last < BEAT_AT_LEAST_EVERY)


def _queue() -> Iterator[Fact]:
    if settings.REDIS_URL:
        length = _queued()
        known = not math.isnan(length)
        says = f"{int(length):,} wait for a worker" if known else "unknown: Redis is away"
        yield Fact("Tasks", says, known and length < MANY_TASKS)


def _queued() -> float:
    """NaN while Redis is away."""
    try:
        return running.wait_for(queues.length(settings.CELERY_TASK_DEFAULT_QUEUE))
    except Unavailable:
        return math.nan


def _disk() -> Fact:
    usage = shutil.disk_usage(settings.DATA_DIR)
    says = f"{usage.free / (1 << 30):,.1f} of {usage.total / (1 << 30):,.1f} GB free"
    return Fact("Disk of the data folder", says, usage.free > LITTLE_SPACE)
