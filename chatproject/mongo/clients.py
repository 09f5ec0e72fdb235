"""Connections to MongoDB servers: one MongoClient a process, which is a pool that mends itself."""

import os
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pymongo import MongoClient

DURABLE = {"w": "majority", "journal": True, "readPreference": "primary"}
"""What an ack rests on: on the disk of the majority; read where it was written."""
PATIENCE = {"serverSelectionTimeoutMS": 5_000, "connectTimeoutMS": 5_000, "timeoutMS": 10_000}
"""Milliseconds: until a server is found, a socket is open, an operation has ended with its retries.
A URL may name others."""

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


def close(url: str) -> None:
    """Close this process's client for `url`, if there is one. The next use opens another."""
    if found := _clients.pop((os.getpid(), url), None):
        found.close()
