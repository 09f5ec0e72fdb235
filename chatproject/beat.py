"""Celery's beat, which wakes up when something is due, and no sooner.

Celery's own schedulers (of 5.7) wake up 10 ms before, and then ask without a pause until it is due.
In an embedded server that thread kept the interpreter from all others meanwhile, and took a
quarter of what an idle chat costs.
"""

from celery.beat import PersistentScheduler, Scheduler


class PunctualScheduler(Scheduler):
    """In memory: what was due while no beat ran is not made up for, see `slots.py`."""

    def adjust(self, n: float | None, drift: float = 0.0) -> float | None:
        """`n`, the seconds to wait, to which Celery's own adds a `drift` of -10 ms."""
        return n


class PersistentPunctualScheduler(PunctualScheduler, PersistentScheduler):
    """The same with its file, by which a beat of its own is seen to run (`deploy/healthy`)."""
