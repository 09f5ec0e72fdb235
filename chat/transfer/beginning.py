"""Has a worker begin with the copies that are asked for."""

import logging

log = logging.getLogger(__name__)

TAKEN_WITHIN = 60
"""Seconds; a job that no worker took by then is dropped: the next periodic one does the work."""


def begin() -> None:
    from chat.tasks import make_downloads  # tasks need Celery, which not every process loads

    try:
        make_downloads.apply_async(retry=False, expires=TAKEN_WITHIN)
    except Exception as error:  # what is asked for is in the database, and found again
        log.warning("Downloads wait for the broker: %s", type(error).__name__)
