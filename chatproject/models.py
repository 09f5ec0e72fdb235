"""What the installation as a whole remembers."""

from django.db import models
from django.utils import timezone

LEASE_NAME_MAX = 100
"""Of work inside one conversation its id is a part, of up to 68 characters."""


class Claim(models.Model):
    """That somebody has taken the task's slot; see `slots.py`, which alone makes them."""

    task = models.CharField(max_length=200)
    slot = models.BigIntegerField()
    claimed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="claimed_once")]

    def __str__(self) -> str:
        return f"{self.task} in slot {self.slot}"


class Lease(models.Model):
    """Which process does the work called `name`, and until when; see `lease.py`."""

    name = models.CharField(primary_key=True, max_length=LEASE_NAME_MAX)
    holder = models.CharField(max_length=128)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}, until {self.until:%Y-%m-%d %H:%M:%S}"


class Tally(models.Model):
    """How many messages were stored on a day (in UTC) that is over; see `operations/tallies.py`."""

    day = models.DateField(primary_key=True)
    messages = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.messages} on {self.day}"
