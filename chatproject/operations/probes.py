"""/healthz, /readyz and /metrics.

They stand before Django: a probe comes by address, whatever ALLOWED_HOSTS has, and must be answered
also while a hanging database holds up the thread in which Django's middleware runs.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from prometheus_client import make_asgi_app

import chat.gauges  # noqa: F401  (has the figures of this process collected)
from chatproject.operations import queues
from chatproject.operations.readiness import readiness
from chatproject.operations.visitors import may_look

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_metrics = make_asgi_app()


def with_probes(application: Application) -> Application:
    """`application`, with the probes answered before it."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        probe = PROBES.get(scope["path"])
        if probe is None:
            await application(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await probe(scope, receive, send)
        else:
            await _answer(send, 405, {"detail": "Only GET and HEAD are answered here."})

    return answering


async def healthz(scope: Scope, receive: Receive, send: Send) -> None:
    """200: the event loop turns. Nothing else is asked."""
    await _answer(send, 200, {"alive": True})


async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
    """200, or 503 where a store or the broker is away or the server stops.

    Which one is for those to see who may.
    """
    states = await readiness.states()
    ready = all(state.up for state in states.values())
    found: dict[str, object] = {"ready": ready}
    if may_look(scope):
        found["checks"] = {name: state.shown() for name, state in states.items()}
    await _answer(send, 200 if ready else 503, found)


async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
    """Figures for Prometheus; for others there is nothing here."""
    if may_look(scope):
        await queues.look()
        await _metrics(scope, receive, send)
    else:
        await _answer(send, 404, {"detail": "Not found."})


PROBES: dict[str, Application] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


async def _answer(send: Send, status: int, found: dict[str, object]) -> None:
    body = json.dumps(found).encode() + b"\n"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
