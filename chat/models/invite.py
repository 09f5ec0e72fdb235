"""Invitations: links by which a member lets others make an account."""

import secrets

from django.db import models
from django.utils import timezone

from chat.models.account import Account


def new_code() -> str:
    return secrets.token_urlsafe(16)


class Invite(models.Model):
    """A link that makes up to `uses_left` more accounts, until `expires_at`."""

    code = models.CharField(primary_key=True, max_length=32, default=new_code, editable=False)
    inviter = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invites")
    uses_left = models.PositiveSmallIntegerField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"invite by {self.inviter_id}"
