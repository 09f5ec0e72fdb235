"""A MongoDB that somebody else runs: the one that MONGO_URL names when the tests are started."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient


class GivenMongo:
    """Makes databases there, and drops them at the end; nothing else there is touched."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._made: list[str] = []

    def new_database(self) -> str:
        """The URL of a database that nobody else uses; MongoDB makes it at the first write."""
        self._made.append(f"test_{uuid.uuid4().hex}")
        query = self._url.query
        if self._url.username and "authsource=" not in query.lower():
            query = "&".join(filter(None, [query, f"authSource={self._url.path[1:] or 'admin'}"]))
        return self._url._replace(path=f"/{self._made[-1]}", query=query).geturl()

    def close(self) -> None:
        client: MongoClient[dict[str, Any]] = MongoClient(self._url.geturl())
        with client:
            for name in self._made:
                client.drop_database(name)
