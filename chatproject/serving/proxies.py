"""Whose word counts about where a request comes from: that of TRUSTED_PROXIES, nobody else's."""

from typing import Any

from django.conf import settings
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


def behind_trusted_proxies(application: Any) -> Any:
    """The application, told client and scheme from `X-Forwarded-For` and `-Proto` of a proxy."""
    if not settings.TRUSTED_PROXIES:
        return application
    return ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
