"""The list of who, of those who run the chat, looked at which private messages."""

from django.db import models
from django.utils import timezone

from chat.models.account import Account
from chat.models.conversation import CONVERSATION_ID_MAX
from chat.names import NAME_MAX


class Inspection(models.Model):
    """One look of `by` at messages of a conversation, or at one; or the deletion of one. `sender`
    said that one, and may have left since."""

    class What(models.TextChoices):
        LISTED = "listed"
        READ = "read"
        DELETED = "deleted"

    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    conversation = models.CharField(max_length=CONVERSATION_ID_MAX)
    message = models.CharField(max_length=36, blank=True)
    sender = models.CharField(max_length=NAME_MAX, blank=True, default="")
    what = models.CharField(max_length=7, choices=What.choices)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["conversation", "at"], name="inspection_conversation"),
            models.Index(fields=["at"], name="inspection_at"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.what} {self.conversation}"
