"""Devices in Django's admin: added and set up there; what they did is only looked at."""

from devices.admin.devices import DeviceAdmin
from devices.admin.seen import ReadingAdmin, SubscriptionAdmin, SummaryAdmin, ThresholdAdmin

__all__ = ["DeviceAdmin", "ReadingAdmin", "SubscriptionAdmin", "SummaryAdmin", "ThresholdAdmin"]
