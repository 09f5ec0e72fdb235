"""Devices as contacts of the chat: who sees them, and whether they are there."""

from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from chat import contacts
from chat.contacts import Contact
from chat.models import Account
from devices.freshness import is_online
from devices.models import Device
from devices.visibility import Seeing


@contacts.provider
def devices() -> list[Contact]:
    """All that are enabled, by two queries. Those that not everybody sees stay hidden besides."""
    now = timezone.now()
    named = _named()
    known = Q(enabled=True) | Q(visible_to_all=False)
    there = Device.objects.filter(known, account__deleted_at=None)
    return [
        Contact(
            name=device.name,
            title=device.account.shown_title,
            kind=Account.Kind.DEVICE.value,
            online=is_online(device, now),
            last_seen=device.last_at,
            seen_by=None if device.visible_to_all else frozenset(named[device.name]),
        )
        for device in there.select_related("account")
    ]


def _named() -> defaultdict[str, set[str]]:
    """By device, who sees it though not everybody does."""
    seeing: defaultdict[str, set[str]] = defaultdict(set)
    hidden = Seeing._default_manager.filter(device__visible_to_all=False)
    for device, account in hidden.values_list("device_id", "account_id"):
        seeing[device].add(account)
    return seeing
