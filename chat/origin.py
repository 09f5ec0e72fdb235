"""Which WebSocket handshakes are refused: foreign origins, unknown hosts.

A browser sends the cookie along whatever page opens the socket, so with a cookie the Origin
must be our own. A program that brings a token needs none.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

_PORTS = {"http": 80, "https": 443}


def allowed(scope: Mapping[str, Any]) -> bool:
    """Whether the handshake in `scope` (ASGI) may go on; else it is answered with 403."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return False
    origin = headers.get(b"origin")
    if origin is None:
        bearer = headers.get(b"authorization", b"").lower().startswith(b"bearer ")
        return bearer or b"cookie" not in headers
    secure = scope.get("scheme", "ws") == "wss"  # daphne leaves it out
    return is_ours(origin.decode("latin-1"), f"{'https' if secure else 'http'}://{host}")


def may_read(scope: Mapping[str, Any]) -> bool:
    """The same of a plain GET, in which a browser names no Origin to its own server, but says, by
    Sec-Fetch-Site, that it is."""
    headers = dict(scope["headers"])
    if b"origin" in headers:
        return allowed({**scope, "scheme": "wss" if scope.get("scheme") == "https" else "ws"})
    from_here = headers.get(b"sec-fetch-site") in (b"same-origin", b"none")
    host = headers.get(b"host", b"").decode("latin-1")
    known = validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)
    return known and (from_here or allowed(scope))


def is_ours(origin: str, ours: str) -> bool:
    """Whether the header `origin` names this server, which is reached as `ours`, or one that is
    trusted like it."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    parts = _parts(origin)
    return parts is not None and parts == _parts(ours)


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is no origin of a web page."""
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return parts.scheme, parts.hostname or "", port
