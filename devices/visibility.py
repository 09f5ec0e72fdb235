"""Which devices a person may see: they, and nobody else, are told that the others exist."""

from django.db.models import Q, QuerySet

from devices.models import Device

Seeing = Device.visible_to.through
"""The rows that name who sees a device which not everybody does."""


def present(devices: QuerySet[Device]) -> list[Device]:
    """Those of these devices that were not deleted, with their accounts.

    For what is asked every second: by keys alone. A join would have SQLite scan all accounts.
    """
    found = devices.prefetch_related("account")
    return [device for device in found if device.account.deleted_at is None]


def visible(account: str) -> QuerySet[Device]:
    """The devices that this account may see: neither disabled ones nor deleted ones."""
    named = Seeing._default_manager.filter(account_id=account).values("device_id")
    everybody = Q(visible_to_all=True) | Q(pk__in=named)
    present = Device.objects.filter(everybody, enabled=True, account__deleted_at=None)
    return present.select_related("account")


def locked(name: str) -> Device:
    """The device as it is, and with whoever sees it stays so until the transaction ends.

    Whatever changes who sees it, and whatever rests on that, locks it first. (On SQLite each
    transaction that locks anything is alone from its beginning.)
    """
    rows = Device.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("account").get(pk=name)


def sees(device: Device, account: str) -> bool:
    """Whether the device is shown to the account, be it switched off or not."""
    return device.visible_to_all or device.visible_to.filter(pk=account).exists()


def may_see(device: Device, account: str) -> bool:
    """Whether the account may know that the device exists."""
    return visible(account).filter(pk=device.pk).exists()
