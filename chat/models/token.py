"""Bearer tokens for programs. Only a digest is stored; the token itself is shown once."""

import hashlib
import secrets

from django.db import models
from django.utils import timezone

from chat.models.account import Account

TOKEN_BYTES = 32


def digest_of(token: str) -> str:
    """SHA-256, in hex. A token is 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class TokenManager(models.Manager["Token"]):
    def issue(self, account: Account, label: str = "") -> tuple["Token", str]:
        """A new token of `account`: its row, and the secret that is not kept anywhere."""
        secret = secrets.token_urlsafe(TOKEN_BYTES)
        return self.create(digest=digest_of(secret), account=account, label=label), secret


class Token(models.Model):
    digest = models.CharField(max_length=64, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TokenManager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.account_id}"
