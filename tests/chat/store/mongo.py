"""The MongoDB server of these tests: SecantusDB of our own, or the one that MONGO_URL names."""

import os
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pymongo import MongoClient

GIVEN = os.environ.get("MONGO_URL", "")
"""Of a real server, as `make test MONGO_URL=…` gives it."""


class Databases:
    """New databases on a server, which are dropped in the end."""

    def __init__(self, url: str) -> None:
        """`url` names the server, who signs in there, and a database that is not touched."""
        self._url = url
        self._made: list[str] = []

    def new(self) -> str:
        """The URL of a database that nobody else uses."""
        parts = urlsplit(self._url)
        query = dict(parse_qsl(parts.query))
        if "@" in parts.netloc:  # the database of a URL is also where its user is known
            query.setdefault("authSource", parts.path.strip("/") or "admin")
        self._made.append(f"test_{uuid.uuid4().hex}")
        return parts._replace(path=f"/{self._made[-1]}", query=urlencode(query)).geturl()

    def drop(self) -> None:
        client: MongoClient[dict[str, Any]] = MongoClient(self._url)
        with client:
            for name in self._made:
                client.drop_database(name)
