"""Who may see figures and states: those in METRICS_ALLOWED, by the address they come from."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from chatproject.operations.networks import Networks

FORWARDED_FOR = (b"x-forwarded-for", b"x-real-ip")


def may_look(scope: dict[str, Any]) -> bool:
    """Whether everybody on the way of the request in `scope` (ASGI) is allowed to.

    A proxy adds the address of who asked it, and nobody can take that out again. So a stranger is
    one also where the proxy is not among TRUSTED_PROXIES, and all requests seem to be its own.
    """
    allowed = Networks(settings.METRICS_ALLOWED)
    return all(address in allowed for address in _on_the_way(scope))


def _on_the_way(scope: dict[str, Any]) -> Iterator[str]:
    peer = scope.get("client")
    yield peer[0] if peer else "unknown"
    for name, value in scope["headers"]:
        if name in FORWARDED_FOR:
            yield from (part.strip() for part in value.decode("latin-1").split(","))
        elif name == b"forwarded":
            yield "unknown"  # its grammar would be more than its use
