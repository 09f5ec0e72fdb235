"""`manage.py reconcile`: after a restore, nothing is ahead of the messages that there are."""

from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.reconciling import reconcile
from chatproject.databases import DEFAULT, MESSAGES
from chatproject.serving.refusing import refusing


class Command(BaseCommand):
    help = (
        "After a restore, while nothing else of the chat runs: how far conversations have come, and"
        " how far they were read, is set to the messages that there are; what is in Redis, which"
        " was about others, is forgotten."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with refusing(DEFAULT), refusing(MESSAGES):
            mended = reconcile()
        if settings.REDIS_URL:
            _forget()
        self.stdout.write(
            self.style.SUCCESS(f"Reconciled; {mended} conversations said more than there is.")
        )


def _forget() -> None:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5) as client:
            client.flushdb()
    except redis.RedisError as error:
        raise CommandError(f"REDIS_URL cannot be reached: {error}.") from None
