"""Alerts: beyond which value a person is told, or all in a room, and until when a person wants no
alerts."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from chat.models import Account, Membership
from devices.models.device import Device


class Threshold(models.Model):
    """The wish to be told when one device's value is beyond `value`: a person's, `account`, or a
    room's. That has `place`, which is the device's own there, and ends when it leaves the room.

    `told`: they were, and are not told again until the value has come back by the hysteresis.
    """

    class Direction(models.TextChoices):
        ABOVE = "above"
        BELOW = "below"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="thresholds")
    account = models.ForeignKey(
        Account, null=True, on_delete=models.CASCADE, related_name="thresholds"
    )
    place = models.ForeignKey(
        Membership, null=True, on_delete=models.CASCADE, related_name="thresholds"
    )
    direction = models.CharField(max_length=5, choices=Direction.choices)
    value = models.FloatField()
    told = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "account", "direction"], name="threshold_once"
            ),
            models.UniqueConstraint(fields=["place", "direction"], name="threshold_once_in_room"),
            models.CheckConstraint(
                condition=Q(account=None, place__isnull=False)
                | Q(account__isnull=False, place=None),
                name="threshold_of_one",
            ),
        ]

    def __str__(self) -> str:
        whose = self.account_id or "a room"
        return f"{whose}: {self.device_id} {self.direction} {self.value:g}"


class Snooze(models.Model):
    """Until `until`, a device's alerts to one person are held back."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="snoozes")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "account"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.device_id} until {self.until:%Y-%m-%d %H:%M}"
