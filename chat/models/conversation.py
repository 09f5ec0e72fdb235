"""Conversations and who is in them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from chat.models.account import Account

CONVERSATION_ID_MAX = 80


class Conversation(models.Model):
    """`dm:alice:bob`, a room, `room:lobby`, or what a device reports, `device:thermometer1`.

    `last_seq` and `last_at` are hints that find a person's news by one query. They are raised
    before messages are acked, so after a crash they may be ahead of these, never behind.

    Below `first_seq` messages were removed, as old as they were. `changes` counts how often one
    was edited or deleted. `indexed_seq` is how far the messages can be searched.
    """

    class Kind(models.TextChoices):
        DM = "dm"
        ROOM = "room"
        DEVICE = "device"

    id = models.CharField(primary_key=True, max_length=CONVERSATION_ID_MAX)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    last_seq = models.BigIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)
    first_seq = models.BigIntegerField(default=1, editable=False)
    changes = models.BigIntegerField(default=0, editable=False)
    indexed_seq = models.BigIntegerField(default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                name="conversation_unindexed",
                condition=Q(last_seq__gt=F("indexed_seq")),
            )
        ]

    def __str__(self) -> str:
        return self.id


class Membership(models.Model):
    """One account's place in one conversation: from where on it sees, how far it has come.

    `joined_at` is null in direct conversations, which one is in for good. A `role` is one in a
    room; who has it `muted` is not called by what is new there.
    """

    class Role(models.TextChoices):
        MEMBER = "member"
        MODERATOR = "moderator"
        OWNER = "owner"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="memberships"
    )
    first_seq = models.BigIntegerField(default=1)
    received_seq = models.BigIntegerField(default=0)
    read_seq = models.BigIntegerField(default=0)
    joined_at = models.DateTimeField(null=True, editable=False)
    role = models.CharField(max_length=9, choices=Role.choices, default=Role.MEMBER)
    muted = models.BooleanField(default=False)

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
