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
def test_it_looks_a_few_times_for_each_firing(kind, tmp_path, monkeypatch):
    fired: list[str] = []  # in place of telling a broker
    monkeypatch.setattr(kind, "apply_entry", lambda _, entry, producer: fired.append(entry.name))
    looks = 0
    app = Celery("test", broker="memory://", set_as_current=False)
    scheduler = kind(app=app, schedule_filename=str(tmp_path / "schedule"), lazy=True)
    scheduler.setup_schedule()
    scheduler.schedule.clear()  # of Celery's own entries
    scheduler.add(name="work", task="work", schedule=timedelta(seconds=EVERY))
    while len(fired) < TIMES:
        looks += 1
        if (pause := scheduler.tick()) > 0:
            time.sleep(pause)  # as Celery's service does
    scheduler.close()
    assert looks <= 4 * TIMES
