"""Freshness is a device's presence: it is online while its last reading is young enough."""

from datetime import datetime, timedelta

from devices.models import Device
from devices.simulation import slot_of, slot_start

FRESH_INTERVALS = 1.5
"""Of a device's own: for so long after a reading it is not missed."""
ON_THE_WAY = timedelta(seconds=2)
"""So late a reading may be before anybody is told that there is none."""


def interval_of(device: Device) -> timedelta:
    return timedelta(seconds=device.interval)


def fresh_for(device: Device) -> timedelta:
    """How long a sign of life counts."""
    return FRESH_INTERVALS * interval_of(device)


def patience_with(device: Device) -> timedelta:
    """How long after a sign of life its subscribers are told of its silence: as soon as it is not
    fresh any more, but for devices that report every few seconds."""
    return max(fresh_for(device), interval_of(device) + ON_THE_WAY)


def sign_of_life(device: Device) -> datetime | None:
    """Its last reading, or, for an interval, a restart; None where it has never reported.

    Restarted again and again, and so without a reading, it falls silent like any other.
    """
    if device.last_at is None or not device.simulated:
        return device.last_at
    return max(device.last_at, min(device.epoch, device.last_at + interval_of(device)))


def fresh_until(device: Device) -> datetime | None:
    """From when on the device is overdue; None where it has never reported."""
    return None if device.last_at is None else device.last_at + fresh_for(device)


def is_online(device: Device, now: datetime) -> bool:
    """Whether it is enabled and reports as it should."""
    until = fresh_until(device)
    return device.enabled and until is not None and now < until


def next_due(device: Device, now: datetime) -> datetime | None:
    """When its next reading should come; in the past where that is overdue.

    None where nobody can tell: it is disabled, or, being real, has never reported.
    """
    if not device.enabled:
        return None
    if device.simulated:
        slot = max(slot_of(now, device.epoch, device.interval), device.reported_slot + 1, 0)
        return slot_start(slot, device.epoch, device.interval)
    return None if device.last_at is None else device.last_at + interval_of(device)
