"""Which device reports: it has a token of its own."""

from django.http import HttpRequest

from chat.http_api import header
from chat.models.token import digest_of
from chat.names import normalise
from chat.protocol import Forbidden, Unauthenticated
from devices.models import Device

BEARER = "bearer"
NO_TOKEN = "The header Authorization must be: Bearer TOKEN, with the device's own token."  # noqa: S105


def device_of(request: HttpRequest, name: str) -> Device:
    """The device whose token the request has, which must be the one called `name`.

    Raises Unauthenticated, with the same words for every token that is no device's, and
    Forbidden. Only who has proved to be a device learns more.
    """
    scheme, _, token = header(request).decode("latin-1").partition(" ")
    digest = digest_of(token.strip())  # also where there is none: one query, whatever was sent
    found = Device.objects.filter(token_digest=digest).select_related("account").first()
    if found is None or scheme.lower() != BEARER:
        raise Unauthenticated(NO_TOKEN)
    if found.name != normalise(name):
        raise Forbidden("This token belongs to another device.")
    if not found.enabled or found.account.deleted_at or not found.account.is_active:
        raise Forbidden("This device is switched off.")
    return found
