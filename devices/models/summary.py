"""Readings summed up over spans of time, for ranges and charts: no scan of messages."""

from django.db import models

from devices.models.device import Device

MINUTE, FIVE_MINUTES, HOUR = 60, 300, 3600
SPANS = (MINUTE, FIVE_MINUTES, HOUR)
"""Seconds. Hours are kept for ever, the others as long as the charts need them."""


class Summary(models.Model):
    """The readings of one device whose times lie in one span of time, which begins at `start`."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="summaries")
    span = models.PositiveIntegerField(choices=[(span, f"{span} s") for span in SPANS])
    start = models.DateTimeField()
    count = models.BigIntegerField()
    total = models.FloatField()
    lowest = models.FloatField()
    lowest_at = models.DateTimeField()
    lowest_seq = models.BigIntegerField(null=True)
    """Its message's, in the feed; null where the span was summed up before seqs were kept."""
    highest = models.FloatField()
    highest_at = models.DateTimeField()
    highest_seq = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "summaries"
        constraints = [
            models.UniqueConstraint(fields=["device", "span", "start"], name="summary_once")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.span} s from {self.start:%Y-%m-%d %H:%M}"
