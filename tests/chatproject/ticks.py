"""Tasks for workers and beats of their own: `celery -A tests.chatproject.ticks worker`.

Each writes a line, with its process, to the file that TICKS names.
"""

import os
import time
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.utils import timezone  # noqa: E402

from chatproject.celery import app  # noqa: E402
from chatproject.slots import once_per_slot, slot_of  # noqa: E402

EVERY = timedelta(seconds=3)


def write(line: str) -> None:
    with Path(os.environ["TICKS"]).open("a") as file:
        file.write(f"{line} {os.getpid()}\n")


@once_per_slot(EVERY)
def tick() -> None:
    write(f"tick {slot_of(timezone.now(), EVERY)}")


@app.task(name="note")
def note(text: str, seconds: float) -> None:
    write(f"began {text}")
    time.sleep(seconds)
    write(f"ended {text}")
