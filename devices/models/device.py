"""A device: an account of the chat that reports readings and takes commands."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from chat.models import Account
from devices.ids import feed_of

SHORTEST_INTERVAL = 0.5
"""Seconds between two readings, at the least."""
UNIT_MAX = 16
LARGEST = 1e9
"""The largest value, of either sign: of readings, bounds and alerts. (Sums of them stay finite.)"""


class Device(models.Model):
    """What reports under the name of its account; its readings are messages in its feed.

    Who subscribes to it is a member of the feed. `digested_seq` says up to which message of the
    feed summaries, alerts and the last reading are made up; see `digest.py`, which alone writes
    them.
    """

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.PROTECT, related_name="device"
    )
    kind = models.CharField(max_length=32, default="sensor", help_text="such as thermometer")
    unit = models.CharField(max_length=UNIT_MAX, help_text="such as °C")
    interval = models.FloatField(
        default=100.0,
        validators=[MinValueValidator(SHORTEST_INTERVAL)],
        help_text="seconds between two readings",
    )
    lowest = models.FloatField(null=True, blank=True, help_text="what it can measure, from …")
    highest = models.FloatField(null=True, blank=True, help_text="… to; empty: no bound")
    simulated = models.BooleanField(default=False, help_text="the chat makes its readings up")
    mqtt = models.BooleanField("by MQTT", default=False, help_text="may report over the broker")
    enabled = models.BooleanField(default=True)
    token_digest = models.CharField(
        max_length=64, null=True, blank=True, unique=True, editable=False
    )
    visible_to_all = models.BooleanField(default=True)
    visible_to = models.ManyToManyField(
        Account, blank=True, related_name="+", help_text="who sees it, where not everybody does"
    )
    seed = models.BigIntegerField(default=0, help_text="of the simulation")
    epoch = models.DateTimeField(
        default=timezone.now, help_text="its last (re)start: slots are counted from here"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    reported_slot = models.BigIntegerField(default=-1, editable=False)
    """Simulated: the slot since `epoch` of the last reading; -1 where there is none yet."""
    digested_seq = models.BigIntegerField(default=0, editable=False)
    last_seq = models.BigIntegerField(null=True, editable=False)
    """The reading with the latest time: its message's seq, its value and its time."""
    last_value = models.FloatField(null=True, editable=False)
    last_at = models.DateTimeField(null=True, editable=False)
    silent_since = models.DateTimeField(null=True, editable=False)
    """Set once its subscribers were told that it fell silent, until it is back."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(interval__gte=SHORTEST_INTERVAL), name="device_interval"
            ),
            models.CheckConstraint(
                condition=Q(lowest=None) | Q(highest=None) | Q(lowest__lt=F("highest")),
                name="device_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.account_id)

    @property
    def feed(self) -> str:
        """The conversation that its readings are in."""
        return feed_of(self.name)
