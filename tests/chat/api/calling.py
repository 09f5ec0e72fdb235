"""Requests to the API, as a program makes them."""

import json
from typing import Any
from urllib.parse import quote, urlencode

from tests.http import Answer, request
from tests.installation import Installation
from tests.server import Person

V1 = "/api/v1"


async def ask(
    server: Installation, who: Person | None, method: str, path: str, body: Any = None, **query: Any
) -> Answer:
    """`path` is below /api/v1; a `body` goes along as JSON."""
    headers = {"Authorization": f"Bearer {who.token}"} if who else {}
    text = "" if body is None else json.dumps(body)
    if text:
        headers["Content-Type"] = "application/json"
    where = f"{V1}{quote(path, safe='/:')}" + (f"?{urlencode(query, doseq=True)}" if query else "")
    return await request(server, method, where, text, headers)


async def call(
    server: Installation, who: Person | None, method: str, path: str, body: Any = None, **query: Any
) -> Any:
    """What must not be refused; gives the answer's JSON, or None where there is none."""
    answer = await ask(server, who, method, path, body, **query)
    assert answer.status in (200, 201, 204), (answer.status, answer.body)
    return json.loads(answer.body) if answer.body else None


async def refused(
    server: Installation, who: Person | None, method: str, path: str, body: Any = None, **query: Any
) -> tuple[int, str]:
    """What must be refused; gives the status and the code."""
    answer = await ask(server, who, method, path, body, **query)
    told = json.loads(answer.body)
    assert set(told) == {"code", "detail"}, told
    return answer.status, told["code"]


async def sent(server: Installation, who: Person, to: str, body: str, id: str) -> Any:
    """Sends a message; gives it."""
    return await call(server, who, "POST", "/messages", {"id": id, "to": to, "body": body})
