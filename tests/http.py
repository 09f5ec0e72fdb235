"""Plain HTTP requests to a test server."""

import asyncio
import http.client
from dataclasses import dataclass

from tests.client import WITHIN
from tests.installation import ADDRESS, Installation


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


async def request(
    server: Installation,
    method: str,
    path: str,
    body: str = "",
    headers: dict[str, str] | None = None,
) -> Answer:
    return await asyncio.to_thread(_request, server, method, path, body, headers or {})


def _request(
    server: Installation, method: str, path: str, body: str, headers: dict[str, str]
) -> Answer:
    connection = http.client.HTTPConnection(ADDRESS, server.port_for("pages"), timeout=WITHIN)
    try:
        connection.request(method, path, body.encode(), {"Host": server.host, **headers})
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read().decode())
    finally:
        connection.close()
