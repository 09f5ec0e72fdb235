"""What was done about a room is told afterwards, and is done whether it can be told or not."""

import logging
from collections.abc import Callable
from functools import partial

from django.db import Error, transaction

from chat.protocol import ChatError

log = logging.getLogger(__name__)


def afterwards(tell: Callable[..., object], *args: object, **kwargs: object) -> None:
    """Once the caller's transaction is committed, or at once where there is none. Who is not told
    now is told when they connect again."""
    transaction.on_commit(partial(_try, partial(tell, *args, **kwargs)))


def _try(tell: Callable[[], object]) -> None:
    try:
        tell()
    except ChatError as error:
        log.error("What became of a room was not told: %s", error.code)
    except Error as error:
        log.error("What became of a room was not told: %s", type(error).__name__)
