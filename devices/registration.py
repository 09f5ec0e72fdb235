"""Devices come to be, get tokens, and are shown to some people and not to others."""

import secrets
from collections.abc import Iterable
from functools import partial
from math import isfinite

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chat import joining
from chat.accounts.registration import taken
from chat.accounts.titles import validate_title
from chat.models import Account, Conversation, Membership
from chat.models.account import TITLE_MAX
from chat.models.token import TOKEN_BYTES, digest_of
from chat.rooms import guests
from devices.ids import THERMOMETER
from devices.models import Device
from devices.models.device import LARGEST, SHORTEST_INTERVAL, UNIT_MAX
from devices.visibility import locked

LONGEST_INTERVAL = 30 * 86_400.0
"""Seconds."""
SHORTEST_SIMULATED = 10.0
"""Seconds: ticks come every two, or oftener where THERMOMETER_INTERVAL asks for it."""
LINES = {"kind": 32, "unit": UNIT_MAX}
"""Characters of a device's words, at most."""
SEED_BITS = 31


def check(device: Device) -> None:
    """Raise ValidationError, by field, for what cannot be. (NaN lies between nothing.)"""
    wrong = {}
    for field in LINES:
        if problem := _problem_of_line(device, field):
            wrong[field] = problem
    if _is_too_quick(device):
        wrong["interval"] = f"A simulated one's interval must be {SHORTEST_SIMULATED:g} s or more."
    if not SHORTEST_INTERVAL <= device.interval <= LONGEST_INTERVAL:
        wrong["interval"] = f"The interval must be from {SHORTEST_INTERVAL} s to 30 days (in s)."
    bounds = [bound for bound in (device.lowest, device.highest) if bound is not None]
    if not all(isfinite(bound) and abs(bound) <= LARGEST for bound in bounds):
        wrong["lowest"] = f"Bounds must be numbers from {-LARGEST:.0f} to {LARGEST:.0f}."
    elif len(bounds) == 2 and bounds[0] >= bounds[1]:
        wrong["highest"] = "The upper bound must be greater than the lower one."
    if device.simulated and device.mqtt:
        wrong["mqtt"] = "A simulated device does not report over the broker; choose one."
    if wrong:
        raise ValidationError(wrong)


def _is_too_quick(device: Device) -> bool:
    """To be simulated; the interval of THERMOMETER is a setting."""
    is_quick = device.simulated and device.interval < SHORTEST_SIMULATED
    return is_quick and device.account_id != THERMOMETER


def _problem_of_line(device: Device, field: str) -> str:
    text, longest = getattr(device, field), LINES[field]
    try:
        validate_title(text)
    except ValidationError as error:
        return f"The {field}: {' '.join(error.messages)}"
    return (
        ""
        if 1 <= len(text.strip()) <= longest
        else f"The {field} must be 1 to {longest} characters."
    )


def check_title(title: str) -> None:
    validate_title(title)
    if len(title) > TITLE_MAX:
        raise ValidationError(f"The title must be at most {TITLE_MAX} characters.")


def add(device: Device, name: str, title: str) -> None:
    """Save a checked, new `device` with an account of this checked name and a conversation.

    Raises Conflict where the name went to someone else.
    """
    account = Account(name=name, title=title, kind=Account.Kind.DEVICE)
    account.password = make_password(None)
    device.account = account
    device.kind, device.unit = device.kind.strip(), device.unit.strip()
    device.seed = secrets.randbits(SEED_BITS) if device.simulated else 0
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            Conversation.objects.get_or_create(
                id=device.feed, defaults={"kind": Conversation.Kind.DEVICE}
            )
            device.save(force_insert=True)
    except IntegrityError:
        raise taken(name) from None


def new_token(device: Device) -> str:
    """A new token of the device, which is kept nowhere; the old one ends."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device.token_digest = digest_of(token)
    device.save(update_fields=["token_digest"])
    return token


def show_to(device: Device, people: Iterable[Account]) -> None:
    """Let nobody but these people see the device; the subscriptions of others end, and it leaves
    all rooms."""
    with transaction.atomic():
        locked(device.name)
        device.visible_to_all = False
        device.save(update_fields=["visible_to_all"])
        device.visible_to.set(people)
        keep_hidden(device)


def keep_hidden(device: Device) -> None:
    """Who may not see the device any more subscribes to it no longer, and it is in no room. In the
    transaction that hid it: who subscribes, or invites it, at the same time has done so before, or
    finds that it is hidden."""
    if locked(device.name).visible_to_all:
        return
    members = Membership.objects.filter(conversation=device.feed)
    hidden = members.exclude(account__in=device.visible_to.values("pk"))
    for account in list(hidden.values_list("account_id", flat=True)):
        joining.leave(account, device.feed)
        transaction.on_commit(partial(joining.tell_membership, account, device.feed))
    guests.take_out(device.name)
