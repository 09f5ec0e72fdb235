"""What the chat itself does now and then, in workers."""

from datetime import timedelta

from chat.rooms import mentions
from chatproject.often import often

FORGET_EVERY = timedelta(minutes=10)


@often(FORGET_EVERY)
def forget_read_mentions() -> None:
    mentions.forget_read()
