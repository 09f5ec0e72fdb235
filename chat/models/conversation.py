"""Conversations and who is in them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from chat.models.account import Account

CONVERSATION_ID_MAX = 80


class Conversation(models.Model):
    """`dm:alice:bob`, or what a device reports, `device:thermometer1` (rooms will follow).

    `last_seq` and `last_at` are hints that find a person's news by one query. They are raised
    before messages are acked, so after a crash they may be ahead of these, never behind.
    """

    class Kind(models.TextChoices):
        DM = "dm"
        DEVICE = "device"

    id = models.CharField(primary_key=True, max_length=CONVERSATION_ID_MAX)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    last_seq = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.id


class Membership(models.Model):
    """One account's place in one conversation: from where on it sees, how far it has come.

    `joined_at` is null in direct conversations, which one is in for good.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="memberships"
    )
    first_seq = models.BigIntegerField(default=1)
    received_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    joined_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "conversation"], name="membership_once")
        ]
        indexes = [
            models.Index(
                fields=["account"], name="membership_joined", condition=Q(joined_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.conversation_id}"
