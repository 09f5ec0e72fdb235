"""Connections to MongoDB servers: one MongoClient a process, which is a pool that mends itself."""

import os
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pymongo
from pymongo import MongoClient
from pymongo.database import Database

DURABLE = {
    "w": "majority",
    "journal": True,
    "readPreference": "primary",
    "readConcernLevel": "majority",
}
"""What an ack rests on: on the disk of the majority; read where it was written. And nothing is read
that a new primary might not have: what somebody has seen does not disappear."""
PATIENCE = {
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 10_000,
}
"""Milliseconds: for a server to be found, for one to let in, for one to answer. What is tried once
more doubles them. A URL may name others."""
AS_LONG_AS_IT_TAKES = 24 * 3600
"""Seconds: for what a migration does, like building an index."""

_clients: dict[tuple[int, str], MongoClient[dict[str, Any]]] = {}


def client(url: str) -> MongoClient[dict[str, Any]]:
    """This process's client for `url`; it connects at the first operation, not here.

    A forked process gets one of its own: a client's sockets cannot be shared.
    """
    key = os.getpid(), url
    if key not in _clients:
        # Two threads may both make one; the one that is not kept has opened nothing yet.
        _clients.setdefault(key, MongoClient(url, connect=False, **options(url)))
    return _clients[key]


def options(url: str) -> dict[str, Any]:
    """MongoClient's keyword arguments for `url`, whose own options they would override."""
    named = {name.lower() for name, _ in parse_qsl(urlsplit(url).query)}
    patience = {name: value for name, value in PATIENCE.items() if name.lower() not in named}
    return {**DURABLE, **patience, "uuidRepresentation": "standard", "appname": "p2p-chat"}


def unhurried(database: Database[dict[str, Any]]) -> AbstractContextManager[None]:
    """Around operations that may take long, on a server that answers now."""
    database.command("ping")
    return pymongo.timeout(AS_LONG_AS_IT_TAKES)


def close(url: str) -> None:
    """Close this process's client for `url`, if there is one. The next use opens another."""
    if found := _clients.pop((os.getpid(), url), None):
        found.close()
