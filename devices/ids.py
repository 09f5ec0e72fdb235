"""Names of a device's conversation, and the ids that make its messages be stored once."""

from datetime import UTC, datetime

FEED = "device:"
THERMOMETER = "thermometer1"
"""The device that is there from the start, whose interval is a setting."""


def feed_of(device: str) -> str:
    """The conversation of a device's readings."""
    return f"{FEED}{device}"


def milliseconds(moment: datetime) -> int:
    """Since 1970, as every engine keeps times."""
    return round(moment.timestamp() * 1000)


def at_milliseconds(count: int) -> datetime:
    return datetime.fromtimestamp(count / 1000, UTC)


def slot_id(epoch: datetime, slot: int) -> str:
    """Of the reading of a simulated device's slot: whoever makes it, it is stored once."""
    return f"slot:{milliseconds(epoch)}:{slot}"


def time_id(at: datetime) -> str:
    """Of a real device's reading: one for each time."""
    return f"at:{milliseconds(at)}"
