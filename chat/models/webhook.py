"""Incoming webhooks: a program posts into a room by knowing a URL."""

from django.db import models
from django.utils import timezone

from chat.models.account import Account
from chat.models.room import Room


class Webhook(models.Model):
    """What comes to its URL is posted in the name of `account`, a bot of its own that outlives it.

    `digest` is of the token in the URL, which is shown once.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="webhook")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="webhooks")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["account"]

    def __str__(self) -> str:
        return f"{self.account_id} into {self.room_id}"
