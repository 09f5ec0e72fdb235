"""Ids by which the log lines of one request, or of one WebSocket, are found together.

A request's id is made here, or taken from `X-Request-ID` of a trusted proxy; the answer carries
it. A WebSocket has an id of its own besides.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from chatproject.operations.networks import Networks

HEADER = b"x-request-id"
GIVEN = re.compile(rb"[A-Za-z0-9._:+/=-]{1,128}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
connection_id: ContextVar[str] = ContextVar("connection_id", default="")

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def with_ids(application: Application) -> Application:
    """`application`, told by whom a request is: to stand before what believes proxies."""
    proxies = Networks(settings.TRUSTED_PROXIES)

    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request_id.set(_id_of(scope, proxies))
            send = _telling(request_id.get().encode(), send)
        elif scope["type"] == "websocket":
            request_id.set(_id_of(scope, proxies))
            connection_id.set(_new())
        await application(scope, receive, send)

    return identified


def _id_of(scope: Scope, proxies: Networks) -> str:
    peer = scope.get("client")
    given = dict(scope["headers"]).get(HEADER, b"")
    if peer and GIVEN.fullmatch(given) and peer[0] in proxies:
        return bytes(given).decode()
    return _new()


def _new() -> str:
    return secrets.token_hex(8)


def _telling(found: bytes, send: Send) -> Send:
    async def tell(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            event = {**event, "headers": [*event.get("headers", ()), (HEADER, found)]}
        await send(event)

    return tell
