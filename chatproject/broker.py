"""How Celery reaches its broker: Redis where REDIS_URL names one, else the process's own memory."""

import ssl
from typing import Any

IN_MEMORY = "memory://localhost/"
TAKEN_UP_AGAIN_AFTER = 300
"""Seconds until the broker gives a task, which a worker took and never finished, to another one:
more than any task takes (a longer one would be done twice)."""
OVER_REDIS = {
    "visibility_timeout": TAKEN_UP_AGAIN_AFTER,
    # A Redis that is frozen, or behind a dead network, looks like one that has nothing to say.
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}


def url(redis_url: str) -> str:
    """Kombu's name for what redis-py calls `redis_url`; they differ for Unix sockets."""
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix", "redis+socket", 1).replace("db=", "virtual_host=")
    return redis_url or IN_MEMORY


def tls(redis_url: str) -> dict[str, Any] | None:
    """Without a word on certificates kombu would take any; with one in the URL, that counts."""
    if redis_url.startswith("rediss://") and "ssl_cert_reqs=" not in redis_url:
        return {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return None


def options(redis_url: str) -> dict[str, Any]:
    return OVER_REDIS if redis_url else {}


def database(redis_url: str) -> int:
    """The number of Redis's database."""
    from redis.connection import parse_url  # here, as nobody else needs it without a REDIS_URL

    return int(parse_url(redis_url).get("db", 0))
