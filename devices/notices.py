"""What a device tells its subscribers besides readings: that it restarted, fell silent, is back."""

from chat.models import Message
from chat.posting import Draft
from devices.models import Device

REBOOTED, SILENT, BACK = "rebooted", "silent", "back"


def notice(device: Device, event: str, client_id: str, body: str) -> Draft:
    """A notice for the device's feed; `event` says it to programs."""
    return Draft(
        sender=device.name,
        conversation=device.feed,
        client_id=client_id,
        kind=Message.Kind.NOTICE.value,
        body=body,
        data={"event": event},
    )
