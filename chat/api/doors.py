"""Who asks: by a bearer token, or by the cookie of a page of this server."""

from django.http import HttpRequest

from chat import origin, paces
from chat.http_api import header, person_of
from chat.protocol import Forbidden

SAFE = ("GET", "HEAD")
FOREIGN = (
    "With a cookie, what changes something needs the header Origin, and it must be this server's;"
    " programs send Authorization: Bearer TOKEN."
)


class Bearer:
    openapi_security_schema = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token, from POST /api/v1/tokens or the account page.",
    }

    def __call__(self, request: HttpRequest) -> str | None:
        """The name of the account; None where no token was sent. Raises Unauthenticated."""
        return _counted(request) if _has_token(request) else None


class Session:
    openapi_security_schema = {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "What a page of this server has; changes need its Origin, too.",
    }

    def __call__(self, request: HttpRequest) -> str | None:
        """The name of the account. A browser sends the cookie whatever page asks it to, so as for
        a WebSocket the Origin must be our own. Raises Unauthenticated and Forbidden."""
        name = _counted(request)
        if request.method not in SAFE and not _is_from_here(request):
            raise Forbidden(FOREIGN)
        return name


def _has_token(request: HttpRequest) -> bool:
    return header(request).lower().startswith(b"bearer ")


def _counted(request: HttpRequest) -> str:
    name = person_of(request)
    paces.take_request(name)
    return name


def _is_from_here(request: HttpRequest) -> bool:
    return origin.is_ours(
        request.headers.get("Origin", ""), f"{request.scheme}://{request.get_host()}"
    )


DOORS = [Bearer(), Session()]


def person(request: HttpRequest) -> str:
    """Whom one of these let in."""
    name: str = request.auth  # type: ignore[attr-defined]  # django-ninja sets it
    return name
