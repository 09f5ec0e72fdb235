"""What workers do for bots: answer, and find what was left unanswered."""

from collections.abc import Sequence
from datetime import timedelta

from bots.engine import engine
from chat.handlers import attend_neglected
from chat.models import Account
from chatproject.celery import app
from chatproject.often import often

ATTEND_EVERY = timedelta(seconds=5)


@app.task(name="bots.answer")
def answer(places: Sequence[tuple[str, str]]) -> None:
    """Have this process answer what waits in these places: a bot, and one of its conversations.

    The task is done at once. It is a lease that makes one process answer, and the database that
    remembers what is unanswered: so nothing is lost with a worker.
    """
    engine.take((bot, conversation) for bot, conversation in places)


@often(ATTEND_EVERY)
def answer_neglected() -> None:
    """Questions whose job was lost, or whose worker died."""
    attend_neglected(Account.Kind.BOT.value)
