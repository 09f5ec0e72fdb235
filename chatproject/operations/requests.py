"""A line at level info for each request that Django answers: by its route, never by its path."""

import logging
from time import perf_counter
from typing import Any

from django.urls import Resolver404, resolve

from chatproject.operations.ids import Application, Receive, Scope, Send

log = logging.getLogger(__name__)


def logged(application: Any) -> Application:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if not log.isEnabledFor(logging.INFO):
            return await application(scope, receive, send)
        status, began = 0, perf_counter()

        async def watch(event: dict[str, Any]) -> None:
            nonlocal status
            status = event.get("status", status)
            await send(event)

        try:
            await application(scope, receive, watch)
        finally:
            _tell(scope, status, round((perf_counter() - began) * 1000, 1))

    return answering


def _tell(scope: Scope, status: int, ms: float) -> None:
    found = {"method": scope["method"], "route": route_of(scope["path"]), "status": status}
    log.info("%(method)s %(route)s: %(status)s", found, extra={**found, "ms": ms})


def route_of(path: str) -> str:
    """The pattern that `path` fits, such as `/invite/<str:code>/`: an invitation is a secret."""
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return "(no route)"
