"""The project's settings, with a periodic task more whose slots are short (`ticks.py`)."""

from chatproject.settings import *  # noqa: F403

CELERY_IMPORTS = ["tests.chatproject.ticks"]
