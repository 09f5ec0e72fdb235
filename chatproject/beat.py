"""Celery's beat, which wakes up when something is due, and no sooner.

Celery's own schedulers (of 5.7) wake up 10 ms before, and then ask without a pause until it is due.
In an embedded server that thread kept the interpreter from all others meanwhile, and cost an idle
chat as much as all else that it does.
"""

from celery.beat import PersistentScheduler, Scheduler


class PunctualScheduler(Scheduler):
    """In memory: what was due while no beat ran is not made up for, see `slots.py`."""

    def adjust(self, n: float | None, drift: float = 0.0) -> float | None:
        """`n` seconds from now, to which Celery adds a `drift` of its own: -10 ms."""
        adjusted: float | None = super().adjust(n, drift)
        return adjusted


class PersistentPunctualScheduler(PunctualScheduler, PersistentScheduler):
    """The same with its file, by which a beat of its own is seen to run (`deploy/healthy`)."""
