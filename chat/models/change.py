"""What was edited or deleted: so that whoever was away hears of it."""

from django.db import models
from django.utils import timezone

from chat.models.conversation import Conversation


class Change(models.Model):
    """The message `seq` is another since the conversation's change `number` (1, 2, 3 …)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="change_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.number}: {self.seq}"
