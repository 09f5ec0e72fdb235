"""Alerts of one's own: beyond which value a person is told, and until when they want no alerts."""

from django.db import models
from django.utils import timezone

from chat.models import Account
from devices.models.device import Device


class Threshold(models.Model):
    """One person's wish to be told when one device's value is beyond `value`.

    `told`: they were, and are not told again until the value has come back by the hysteresis.
    """

    class Direction(models.TextChoices):
        ABOVE = "above"
        BELOW = "below"

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="thresholds")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="thresholds")
    direction = models.CharField(max_length=5, choices=Direction.choices)
    value = models.FloatField()
    told = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "account", "direction"], name="threshold_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.device_id} {self.direction} {self.value:g}"


class Snooze(models.Model):
    """Until `until`, a device's alerts to one person are held back."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="snoozes")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "account"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.device_id} until {self.until:%Y-%m-%d %H:%M}"
