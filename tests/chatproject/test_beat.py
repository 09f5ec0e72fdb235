"""Beat rests until something is due."""

import time
from datetime import timedelta

import pytest
from celery import Celery

from chatproject.beat import PersistentPunctualScheduler, PunctualScheduler

EVERY = 0.05
"""Seconds; five times as long as Celery's own schedulers would not rest."""
TIMES = 5


@pytest.mark.parametrize("kind", [PunctualScheduler, PersistentPunctualScheduler])
def test_it_looks_a_few_times_for_each_firing(kind, tmp_path):
    class Noting(kind):
        """Notes what it fires, in place of telling a broker."""

        def apply_entry(self, entry, producer=None):
            fired.append(entry.name)

    fired, looks = [], 0
    app = Celery("test", broker="memory://", set_as_current=False)
    scheduler = Noting(app=app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    scheduler.setup_schedule()
    scheduler.schedule.clear()  # of Celery's own entries
    scheduler.add(name="work", task="work", schedule=timedelta(seconds=EVERY))
    while len(fired) < TIMES:
        looks += 1
        if (pause := scheduler.tick()) > 0:
            time.sleep(pause)  # as Celery's service does
    scheduler.close()
    assert looks <= 4 * TIMES
