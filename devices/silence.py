"""A device that falls silent is missed: its subscribers are told once; see `digest` for its return.

The notice itself is what makes the device count as silent, once it is taken in from the feed like a
reading. So whatever slips in between is seen by everybody in one order.
"""

from datetime import datetime

from chat.posting import post
from chat.spans import span
from devices.digest import digest
from devices.freshness import interval_of, patience_with, sign_of_life
from devices.models import Device
from devices.notices import SILENT, notice
from devices.words import time


def is_missed(device: Device, now: datetime, begun: datetime) -> bool:
    """Whether to `tell`. `begun`: since when this process looks; the chat may have been down."""
    sign = sign_of_life(device)
    if sign is None or device.silent_since or not device.enabled:
        return False
    return now >= max(sign, begun) + patience_with(device)


def tell(device: Device, now: datetime, begun: datetime) -> None:
    """Tell the subscribers, unless what has just come shows that nothing is to tell."""
    digest(device)
    device.refresh_from_db()
    if device.last_at and is_missed(device, now, begun):
        since, every = time(device.last_at, now), span(interval_of(device))
        title = device.account.shown_title
        body = f"No reading from {title} since {since}; one was due every {every}."
        post([notice(device, SILENT, f"silent:{device.last_seq}", body)])
        digest(device)
