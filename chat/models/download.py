"""A person's copy of all that is theirs, made in the background."""

from django.db import models
from django.utils import timezone

from chat.models.account import Account


class Download(models.Model):
    """`digest` is of the token in the link; the file goes with `expires_at`."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="downloads")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    size = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"download of {self.account_id}, {self.state}"
