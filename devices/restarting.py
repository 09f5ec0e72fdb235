"""A simulated device starts anew: slots are counted from another epoch."""

from datetime import datetime

from devices.models import Device


def restart(device: Device, now: datetime) -> None:
    """From `now` on, the next reading in an interval. In the caller's transaction."""
    Device.objects.filter(pk=device.pk).update(epoch=now, reported_slot=0)


def follow_interval(device: str, interval: float, now: datetime) -> None:
    """Have a simulated device report every `interval` seconds, anew where it did not; at once."""
    other = Device.objects.filter(pk=device, simulated=True).exclude(interval=interval)
    if other.exists():  # first, since an UPDATE locks SQLite's file also where it changes nothing
        other.update(interval=interval, epoch=now, reported_slot=-1)
