"""Redis: version, latency, memory, whether what is published arrives, clock."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.conf import settings
from redis import Redis

from chatproject.operations.doctor import clocks
from chatproject.operations.doctor.finding import Finding, fail, ok, warn

SUBJECT = "Redis"
SLOW = 0.005
"""Seconds for a round trip; news between processes wait for one."""
ARRIVES_WITHIN = 2.0
PINGS = 20
SECONDS = 3.0
CHANNELS = "Give the user of REDIS_URL the right to all channels: ACL SETUSER … allchannels"


def redis() -> Iterator[Finding]:
    options: dict[str, Any] = {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS}
    with Redis.from_url(settings.REDIS_URL, **options) as client:
        info: dict[str, Any] = client.info()
        name, version = _product(info)
        yield ok(SUBJECT, f"{name} {version}")
        yield from _memory(info)
        yield from _latency(client)
        yield from _news(client)
        before = time.time()
        seconds, micros = client.time()
        yield from clocks.compare(SUBJECT, seconds + micros / 1e6, before, time.time())


def _product(info: dict[str, Any]) -> tuple[str, str]:
    if "valkey_version" in info:
        return "Valkey", info["valkey_version"]
    return "Redis", info["redis_version"]


def _memory(info: dict[str, Any]) -> Iterator[Finding]:
    used, most, policy = info["used_memory"], info["maxmemory"], info["maxmemory_policy"]
    if most and policy != "noeviction":
        yield fail(SUBJECT, f"it throws out keys when it is full (maxmemory-policy {policy}): tasks"
                   " and presence would be lost", "CONFIG SET maxmemory-policy noeviction, and in"
                   " its configuration.")  # fmt: skip
    elif most and used > 0.8 * most:
        yield warn(SUBJECT, f"{used >> 20} of {most >> 20} MB are used", "Raise maxmemory.")
    else:
        yield ok(SUBJECT, f"{used >> 20} MB are used" + (f" of {most >> 20}" if most else ""))


def _latency(client: Redis) -> Iterator[Finding]:
    took = []
    for _ in range(PINGS):
        began = time.perf_counter()
        client.ping()
        took.append(time.perf_counter() - began)
    median = sorted(took)[PINGS // 2]
    if median > SLOW:
        yield warn(SUBJECT, f"a round trip takes {median * 1000:.1f} ms",
                   "Run it near the web processes, and let nobody else keep it busy.")  # fmt: skip
    else:
        yield ok(SUBJECT, f"a round trip takes {median * 1000:.2f} ms")


def _news(client: Redis) -> Iterator[Finding]:
    """What web processes tell each other goes by publish and subscribe."""
    channel = f"chat:doctor:{uuid4().hex}"
    with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        pubsub.subscribe(channel)
        pubsub.get_message(timeout=ARRIVES_WITHIN)  # the confirmation
        client.publish(channel, "news")
        if pubsub.get_message(timeout=ARRIVES_WITHIN):
            yield ok(SUBJECT, "what is published arrives")
        else:
            yield fail(SUBJECT, "what is published does not arrive", CHANNELS)
