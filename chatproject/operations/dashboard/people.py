"""Who is online, and how many there are."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from chat import running
from chat.backplane import backplane
from chat.models import Account
from chat.presence import presence
from chat.protocol import Unavailable

SEEN_WITHIN = timedelta(days=1)
NEW_WITHIN = timedelta(days=7)


class People(NamedTuple):
    online: str
    """"?" where this process can't tell."""
    in_all: str
    seen: str
    new: str
    suspended: str


def look() -> People:
    now = timezone.now()
    people = Account.objects.filter(kind=Account.Kind.PERSON, deleted_at=None)
    counted = people.aggregate(
        in_all=Count("pk"),
        seen=Count("pk", filter=Q(last_seen__gte=now - SEEN_WITHIN)),
        new=Count("pk", filter=Q(created_at__gte=now - NEW_WITHIN)),
        suspended=Count("pk", filter=Q(is_active=False)),
    )
    online = _online()
    said = {name: f"{figure:,}" for name, figure in counted.items()}
    return People("?" if online is None else f"{online:,}", **said)


def _online() -> int | None:
    """A process hears of the others' people once somebody has connected to it; before that it
    asks Redis, where each process has its own."""
    if not settings.REDIS_URL or backplane.figures().get("connected"):
        return presence.online
    try:
        return running.wait_for(_listed())
    except (OSError, Unavailable):
        return None


async def _listed() -> int | None:
    from redis import asyncio as redis  # here, as an embedded chat needs none

    from chat.backplane.roll import Roll

    client = redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        async with client:
            others = await Roll(client, "").read_others()
    except redis.RedisError:
        return None
    return len({name for people in others.values() for name in people})
