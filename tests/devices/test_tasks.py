"""What is done for devices besides the ticks: once an hour, by one process, and never by two."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from devices.models import Answer, Summary
from devices.models.summary import HOUR, MINUTE
from tests.devices.household import reading
from tests.server import ENVIRONMENT, PROJECT

SCHEDULE = """
import django
django.setup()
from celery.schedules import maybe_schedule
from chatproject.celery import app
app.loader.import_default_modules()
app.finalize()
for name, entry in sorted(app.conf.beat_schedule.items()):
    if name.startswith("devices.") and "mqtt" not in name:
        pause = maybe_schedule(entry["schedule"]).run_every.total_seconds()
        print(name, pause, entry["options"]["expires"])
"""


def test_what_is_old_is_deleted(own_household):
    program = own_household.program()
    now = timezone.now()
    device = own_household.device()
    program.do("take", device, [reading(20, now - timedelta(days=age)) for age in (0, 3)])

    def answer():
        for name, age in (("new", 47), ("old", 49)):
            Answer.objects.create(question=name, body="", made_at=now - timedelta(hours=age))

    own_household.call(answer)
    program.do("hourly")
    spans = own_household.call(
        lambda: [
            Summary.objects.filter(device=device, span=span).count() for span in (MINUTE, HOUR)
        ]
    )
    assert spans == [1, 2]
    assert own_household.call(lambda: list(Answer.objects.values_list("pk", flat=True))) == ["new"]


@pytest.mark.parametrize(("interval", "pause"), [("0.5", 0.1), ("100", 2.0)])
def test_beat_fires_often_enough_and_what_it_fires_expires(interval, pause, tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", SCHEDULE],
        cwd=PROJECT,
        env={**ENVIRONMENT, "DATA_DIR": str(tmp_path), "THERMOMETER_INTERVAL": interval},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = {name: (float(every), float(expires))
             for name, every, expires in map(str.split, said.splitlines())}  # fmt: skip
    assert found == {
        "devices.tasks.tick": (pause, pause + 60),
        "devices.tasks.answer_neglected": (5, 65),
        "devices.tasks.prune_summaries": (60, 120),
        "devices.tasks.forget_answers": (60, 120),
    }
