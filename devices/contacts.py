"""Devices as contacts of the chat: who sees them, and whether they are there."""

import math
import time
from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Count, Max, Q
from django.utils import timezone

from chat import contacts
from chat.contacts import Contact
from chat.models import Account
from devices.freshness import is_online
from devices.models import Device
from devices.visibility import Seeing, present

NAMES_KEPT = 10.0
"""Seconds until it is read again who sees hidden devices, where nothing seems to have changed."""
NOBODY: frozenset[str] = frozenset()


@contacts.provider
def devices() -> list[Contact]:
    """All that are enabled, by three queries. Those that not everybody sees stay hidden besides."""
    now = timezone.now()
    there = present(Device.objects.filter(Q(enabled=True) | Q(visible_to_all=False)))
    seen_by = _names.of(frozenset(device.name for device in there if not device.visible_to_all))
    return [
        Contact(
            name=device.name,
            title=device.account.shown_title,
            kind=Account.Kind.DEVICE.value,
            online=is_online(device, now),
            last_seen=device.last_at,
            seen_by=None if device.visible_to_all else seen_by.get(device.name, NOBODY),
        )
        for device in there
    ]


class _Names:
    """Who sees the hidden devices: many names, which are not to be read each second.

    Each row that is added has a new, higher id, so that neither it nor one that is taken away
    goes unnoticed.
    """

    def __init__(self) -> None:
        self._seen_by: Mapping[str, frozenset[str]] = {}
        self._state: object = None
        self._read_at = -math.inf

    def of(self, hidden: frozenset[str]) -> Mapping[str, frozenset[str]]:
        """By device, who sees it; where nobody does, it is missing."""
        if not hidden:
            return {}
        rows = Seeing._default_manager.aggregate(Count("pk"), Max("pk"))
        state, now = (hidden, rows), time.monotonic()
        if state != self._state or now >= self._read_at + NAMES_KEPT:
            self._seen_by, self._state, self._read_at = _read(), state, now
        return self._seen_by


_names = _Names()


def _read() -> dict[str, frozenset[str]]:
    seeing: defaultdict[str, set[str]] = defaultdict(set)
    hidden = Seeing._default_manager.filter(device__visible_to_all=False)
    for device, account in hidden.values_list("device_id", "account_id"):
        seeing[device].add(account)
    return {device: frozenset(accounts) for device, accounts in seeing.items()}
