"""Rooms: what a conversation of many has besides, and who was called or removed there."""

from django.db import models
from django.utils import timezone

from chat.accounts.titles import validate_title
from chat.models.account import Account
from chat.models.conversation import Conversation

ROOM_TITLE_MAX = 80
LOBBY = "room:lobby"
"""There from the start; whoever signs up is in it."""


class Room(models.Model):
    """A private room is seen by its members alone, each from their joining on; a public one by
    all, from its beginning. In a closed one nobody writes, and nobody joins it."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="room"
    )
    title = models.CharField(max_length=ROOM_TITLE_MAX, validators=[validate_title])
    private = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"#{self.name}"

    @property
    def name(self) -> str:
        return str(self.conversation_id).removeprefix("room:")


class Removal(models.Model):
    """Somebody was removed from a room: they come back by invitation alone."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="removals")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "account"], name="removal_once")]

    def __str__(self) -> str:
        return f"{self.account_id} removed from {self.room_id}"


class Mention(models.Model):
    """A member of a room was called by name in its message `seq`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "conversation", "seq"], name="mention_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.conversation_id} {self.seq}"
