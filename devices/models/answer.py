"""What was answered to a command: decided once, however often the command is looked at."""

from django.db import models
from django.utils import timezone


class Answer(models.Model):
    """Made in the transaction that carries the command out.

    Whoever comes second, after a crash or from another process, finds it, carries nothing out,
    and posts the same words under the same id, which the store keeps once.
    """

    question = models.CharField(primary_key=True, max_length=36)
    """The id of the message that holds the command."""
    body = models.TextField()
    effect = models.CharField(max_length=16, blank=True)
    """What has to be told besides: that somebody joined or left, or that the device restarted."""
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"answer to {self.question}"
