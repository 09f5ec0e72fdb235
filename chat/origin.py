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
        return b"cookie" not in headers or b"authorization" in headers
    return _is_ours(origin.decode("latin-1"), scope["scheme"], host)


def _is_ours(origin: str, scheme: str, host: str) -> bool:
    ours = f"{'https' if scheme == 'wss' else 'http'}://{host}"
    return origin in settings.CSRF_TRUSTED_ORIGINS or _parts(origin) == _parts(ours)


def _parts(origin: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(origin)
    try:
        return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:  # a port that is none
        return "", None, None
