"""A device that falls silent is missed: its subscribers are told once; see `digest` for its return.

The notice itself is what makes the device count as silent, once it is taken in from the feed like a
reading. So whatever slips in between is seen by everybody in one order.
"""

from collections.abc import Iterator
from datetime import datetime

from chat.posting import post
from devices.digest import digest
from devices.freshness import interval_of, patience_with, sign_of_life
from devices.models import Device
from devices.notices import SILENT, notice
from devices.visibility import present
from devices.words import span, time


def missed(now: datetime, begun: datetime) -> Iterator[Device]:
    """Those to tell of. `begun`: since when this process looks; the chat may have been down."""
    here = Device.objects.filter(enabled=True, silent_since=None).exclude(last_at=None)
    for device in present(here):
        if _is_missed(device, now, begun):
            yield device


def tell(device: Device, now: datetime, begun: datetime) -> None:
    """Tell the subscribers, unless what has just come shows that nothing is to tell."""
    digest(device)
    device.refresh_from_db()
    if device.last_at and not device.silent_since and _is_missed(device, now, begun):
        since, every = time(device.last_at, now), span(interval_of(device))
        title = device.account.shown_title
        body = f"No reading from {title} since {since}; one was due every {every}."
        post([notice(device, SILENT, f"silent:{device.last_seq}", body)])
        digest(device)


def _is_missed(device: Device, now: datetime, begun: datetime) -> bool:
    sign = sign_of_life(device)
    return sign is not None and now >= max(sign, begun) + patience_with(device)
