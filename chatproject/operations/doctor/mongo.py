"""MongoDB: version, whether what it acknowledges lasts, clock."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connections
from pymongo import MongoClient

from chatproject.databases import MESSAGES
from chatproject.mongo.clients import options
from chatproject.operations.doctor import clocks
from chatproject.operations.doctor.finding import Finding, fail, ok, warn

OLDEST = (6, 0)
SUBJECT = "MongoDB"


def mongo() -> Iterator[Finding]:
    with _client(connections[MESSAGES].settings_dict["HOST"]) as server:
        yield from _look_at(server)


def _client(url: str) -> MongoClient[dict[str, Any]]:
    """As the engines connect, but with less patience."""
    return MongoClient(url, **options(url) | {"serverSelectionTimeoutMS": 4000, "timeoutMS": 6000})


def _look_at(server: MongoClient[dict[str, Any]]) -> Iterator[Finding]:
    before = time.time()
    hello = server.admin.command("hello")
    after = time.time()
    version = server.server_info()["version"]
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        yield warn(SUBJECT, f"version {version}", "Update to 7.0.")
    else:
        yield ok(SUBJECT, f"version {version}")
    yield from _members(hello)
    if not server.write_concern.document.get("j"):
        yield fail(SUBJECT, "writes are acknowledged before they are in the journal",
                   "Take journal=false and w= out of MONGO_URL.")  # fmt: skip
    yield from clocks.compare(SUBJECT, hello["localTime"].timestamp(), before, after)


def _members(hello: dict[str, object]) -> Iterator[Finding]:
    hosts = hello.get("hosts")
    if "setName" not in hello:
        yield warn(SUBJECT, "a standalone server: w=majority means nothing there",
                   "Run it as a replica set, of one member at the least: mongod --replSet rs0, then"
                   " rs.initiate().")  # fmt: skip
    elif not hello.get("isWritablePrimary"):
        yield fail(SUBJECT, "the replica set has no primary that could be reached",
                   "Look at rs.status(): more than half of the members must be up.")  # fmt: skip
    else:
        count = len(hosts) if isinstance(hosts, list) else 1
        yield ok(SUBJECT, f"replica set {hello['setName']} of {count}")
