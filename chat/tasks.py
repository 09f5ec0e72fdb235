"""What the chat itself does now and then, in workers."""

import time
from datetime import timedelta

from chat.retention.removing import remove_outdated
from chat.rooms import mentions
from chat.transfer.downloads import remove_expired
from chat.transfer.making import make_all
from chatproject.often import often
from chatproject.slots import once_per_slot

FORGET_EVERY = timedelta(minutes=10)
MAKE_EVERY = timedelta(seconds=15)
EXPIRE_EVERY = timedelta(minutes=1)
REMOVE_EVERY = timedelta(hours=1)
REMOVE_FOR = timedelta(minutes=50)
"""So that it is over before the next begins; what is left then is for that."""


@often(FORGET_EVERY)
def forget_read_mentions() -> None:
    mentions.forget_read()


@often(MAKE_EVERY)
def make_downloads() -> None:
    """Also what a worker that died has left."""
    make_all()


@often(EXPIRE_EVERY)
def remove_expired_downloads() -> None:
    remove_expired()


@once_per_slot(REMOVE_EVERY)
def remove_outdated_messages() -> None:
    remove_outdated(until=time.monotonic() + REMOVE_FOR.total_seconds())
