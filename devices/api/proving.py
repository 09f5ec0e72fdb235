"""Who asks: a device by its own token; a person by their session's cookie or a token."""

from django.http import HttpRequest

from chat import identity
from chat.models.token import digest_of
from chat.names import normalise
from chat.protocol import Forbidden, Unauthenticated
from devices.models import Device

BEARER = "bearer"
SIGN_IN = "Sign in first, or send the header Authorization: Bearer TOKEN."
NO_TOKEN = "The header Authorization must be: Bearer TOKEN, with the device's own token."  # noqa: S105


def person_of(request: HttpRequest) -> str:
    """The name of the account, by what a WebSocket takes; with a token the cookie is ignored.

    Raises Unauthenticated.
    """
    headers = [(b"authorization", _header(request)), (b"cookie", _header(request, "COOKIE"))]
    credential = identity.credential_of(headers)
    found = identity.identify([credential]) if credential else {}
    if credential is None or credential not in found:
        raise Unauthenticated(SIGN_IN)
    return found[credential].name


def device_of(request: HttpRequest, name: str) -> Device:
    """The device whose token the request has, which must be the one called `name`.

    Raises Unauthenticated, with the same words for every token that is no device's, and
    Forbidden. Only who has proved to be a device learns more.
    """
    scheme, _, token = _header(request).decode("latin-1").partition(" ")
    digest = digest_of(token.strip())  # also where there is none: one query, whatever was sent
    found = Device.objects.filter(token_digest=digest).select_related("account").first()
    if found is None or scheme.lower() != BEARER:
        raise Unauthenticated(NO_TOKEN)
    if found.name != normalise(name):
        raise Forbidden("This token belongs to another device.")
    if not found.enabled or found.account.deleted_at or not found.account.is_active:
        raise Forbidden("This device is switched off.")
    return found


def _header(request: HttpRequest, name: str = "AUTHORIZATION") -> bytes:
    return str(request.META.get(f"HTTP_{name}", "")).encode("latin-1", "replace")
