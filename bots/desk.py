"""Where questions to bots arrive: each becomes a job for a worker, and nobody here waits for it."""

import logging

log = logging.getLogger(__name__)


def attend(name: str, conversation: str) -> None:
    """Have a worker answer what waits for the bot `name` in a direct conversation.

    Where the broker is away, the question is found again: it stays unanswered in the database.
    """
    from bots.tasks import answer

    answer.apply_async((name, conversation), retry=False, expires=60)
