"""The message, as every engine stores it: no foreign key, no join, millisecond times."""

from django.db import models

from chat.models.conversation import CONVERSATION_ID_MAX
from chat.names import NAME_MAX

CLIENT_ID_MAX = 64


class Message(models.Model):
    """A stored message. Rows are written by the writer alone (`chat/writer.py`).

    The two unique constraints are what ordering and idempotence rest on: one place for every
    seq of a conversation, one message for every id that its sender chose.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        READING = "reading"
        ALERT = "alert"
        NOTICE = "notice"
        DELETED = "deleted"

    id = models.CharField(primary_key=True, max_length=36, db_column="_id", editable=False)
    conversation = models.CharField(max_length=CONVERSATION_ID_MAX)
    seq = models.BigIntegerField()
    sender = models.CharField(max_length=NAME_MAX)
    client_id = models.CharField(max_length=CLIENT_ID_MAX)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    body = models.TextField(blank=True)
    data = models.JSONField(null=True, blank=True)
    sent_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="message_seq_once"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="message_id_once"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation} {self.seq}"
