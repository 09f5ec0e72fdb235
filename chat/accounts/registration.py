"""Making accounts: who may, under which names, and once only however many ask at once."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chat.accounts import invites
from chat.models import Account
from chat.names import RESERVED, normalise, validate_name
from chat.protocol import Conflict, Forbidden, Invalid

OPEN, INVITE, CLOSED = "open", "invite", "closed"


def check_admitted(code: str = "") -> None:
    """Raise Forbidden unless accounts may be made now, with the invitation `code` if need be."""
    if settings.REGISTRATION == CLOSED:
        raise Forbidden("This server takes no new accounts. Ask who runs it for one.")
    if settings.REGISTRATION != INVITE:
        return
    if not code:
        raise Forbidden("A new account needs an invitation here: ask a member for a link.")
    if not invites.is_live(code):
        raise invites.refused()


def check_name(name: str) -> str:
    """The name as it will be stored; raises Invalid (not a name, reserved) or Conflict (taken)."""
    name = normalise(name)
    try:
        validate_name(name)
    except ValidationError as error:
        reserved = " Choose another." if name in RESERVED else ""
        raise Invalid(" ".join(error.messages) + reserved) from None
    if Account.objects.filter(name=name).exists():
        raise taken(name)
    return name


def taken(name: str) -> Conflict:
    if Account.objects.filter(name=name, deleted_at__isnull=False).exists():
        return Conflict(
            f"The name “{name}” is no longer available: its account was deleted, and a name is "
            "never given out again. Choose another."
        )
    return Conflict(f"The name “{name}” is taken. Choose another.")


def create(name: str, password_hash: str, *, title: str = "", code: str = "") -> Account:
    """A new person's account, with one use of the invitation taken in the same transaction.

    The password comes hashed (`django.contrib.auth.hashers.make_password`): hashing takes a
    third of a second, too long to hold the database's lock.
    Raises Forbidden (registration, invitation) and Conflict (the name went to someone else).
    """
    check_admitted(code)
    account = Account(name=name, title=title, password=password_hash)
    try:
        with transaction.atomic():
            if settings.REGISTRATION == INVITE:
                invites.spend(code)
            account.save(force_insert=True)
    except IntegrityError:
        raise taken(name) from None
    return account
