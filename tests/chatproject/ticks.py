"""Tasks for workers and beats of their own: `celery -A tests.chatproject.ticks worker`.

Each writes a line, with its process, to the file that TICKS names.
"""

import os
import time
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from chatproject import slots  # noqa: E402
from chatproject.celery import app  # noqa: E402

EVERY = timedelta(seconds=3)


def write(line: str) -> None:
    with Path(os.environ["TICKS"]).open("a") as file:
        file.write(f"{line} {os.getpid()}\n")


claimed: ContextVar[int] = ContextVar("claimed")
"""The slot that the work is for: while it is done another may have begun."""
claim = slots.claim


def noted_claim(task: str, slot: int) -> bool:
    claimed.set(slot)
    return claim(task, slot)


slots.claim = noted_claim


@slots.once_per_slot(EVERY)
def tick() -> None:
    write(f"tick {claimed.get()}")


@app.task(name="note")
def note(text: str, seconds: float) -> None:
    write(f"began {text}")
    time.sleep(seconds)
    write(f"ended {text}")
