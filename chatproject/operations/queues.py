"""How many tasks wait for Celery's workers: asked of Redis when Prometheus asks."""

import math

from django.conf import settings
from prometheus_client import Gauge

ASKED_WITHIN = 1.0
"""Seconds that Redis has to answer."""

_waiting = Gauge(
    "chat_tasks_waiting", "Tasks that wait for a worker; NaN while Redis is away.", ["queue"]
)


async def look() -> None:
    """Bring the gauge up to date. Embedded there is no queue outside of this process."""
    if settings.REDIS_URL:
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        _waiting.labels(queue).set(await length(queue))


async def length(queue: str) -> float:
    from redis import asyncio as redis  # here, as an embedded chat needs none

    client = redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=ASKED_WITHIN, socket_timeout=ASKED_WITHIN
    )
    try:
        return await client.llen(queue)
    except (redis.RedisError, OSError):
        return math.nan
    finally:
        await client.aclose()
