"""What the installation as a whole remembers."""

from django.db import models
from django.utils import timezone


class Claim(models.Model):
    """That somebody has taken the task's slot; see `slots.py`, which alone makes them."""

    task = models.CharField(max_length=200)
    slot = models.BigIntegerField()
    claimed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="claimed_once")]

    def __str__(self) -> str:
        return f"{self.task} in slot {self.slot}"
