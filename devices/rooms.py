"""Devices in rooms: only such as everybody sees, for in a room all are told what they say."""

from chat.models import Account
from chat.protocol import Forbidden
from chat.rooms import guests
from devices.models import Device
from devices.visibility import locked, sees


@guests.check(Account.Kind.DEVICE.value)
def may_come(name: str, inviter: str, conversation: str) -> None:
    """The device stays locked until it is in: nobody hides it meanwhile."""
    if not Device.objects.filter(pk=name, account__deleted_at=None).exists():
        raise guests.nobody(name)
    device = locked(name)
    if not (device.enabled and sees(device, inviter)):
        raise guests.nobody(name)
    if not device.visible_to_all:
        title = device.account.shown_title
        raise Forbidden(f"Not everybody may see {title}, so it cannot be in a room.")
