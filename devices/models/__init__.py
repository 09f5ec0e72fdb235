"""What devices are, and what is known of their readings besides the messages themselves."""

from devices.models.answer import Answer
from devices.models.device import Device
from devices.models.seen import FeedMessage, Subscription
from devices.models.summary import Summary
from devices.models.threshold import Snooze, Threshold

__all__ = [
    "Answer",
    "Device",
    "FeedMessage",
    "Snooze",
    "Subscription",
    "Summary",
    "Threshold",
]
