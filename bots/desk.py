"""Where questions to bots arrive: they become jobs for a worker, and nobody here waits for it."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Conversations in a job: where very many wait, several workers share them."""
TAKEN_WITHIN = 60
"""Seconds; a job that no worker took by then is dropped: its question is found again."""

_lock = threading.Lock()
_waiting: dict[tuple[str, str], None] = {}
_sender = ThreadPoolExecutor(1, thread_name_prefix="bots-desk")  # a broker may hang, handlers not


def attend(name: str, conversation: str) -> None:
    """Have a worker answer what waits for the bot `name` in this conversation.

    What comes while a job is being sent goes with the next one.
    """
    with _lock:
        is_first = not _waiting
        _waiting[name, conversation] = None
    if is_first:
        _sender.submit(_send)


def _send() -> None:
    from bots.tasks import answer  # tasks need Celery, which not every process loads

    with _lock:
        places = list(_waiting)
        _waiting.clear()
    try:
        for first in range(0, len(places), AT_ONCE):
            some = places[first : first + AT_ONCE]
            answer.apply_async((some,), retry=False, expires=TAKEN_WITHIN)
    except Exception as error:  # unanswered in the database, it is found again
        log.warning("Questions to bots wait for the broker: %s", type(error).__name__)
