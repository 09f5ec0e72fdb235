"""The Celery application: what is done later or on a schedule, apart from the message path."""

import logging.config
import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")

app = Celery("chatproject")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Somebody connected to this signal keeps Celery from setting up logging in its own way."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
