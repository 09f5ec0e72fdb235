"""Bearer tokens: issued to programs, revoked by their owner."""

from django.db import transaction

from chat import revocation
from chat.models import Account, Token
from chat.protocol import Forbidden, Unauthenticated

TOKENS_MAX = 100
"""Tokens of one account."""


def issue(account: Account, label: str = "") -> str:
    """A new token of `account`: the secret, which is kept nowhere.

    Raises Forbidden above TOKENS_MAX, and Unauthenticated where the password was changed or
    the account ended since `account` was read: a token must not outlive what it was given for.
    """
    with transaction.atomic():
        same = Account.objects.select_for_update().filter(
            name=account.name, password=account.password, is_active=True
        )
        if same.first() is None:
            raise Unauthenticated("The account has just changed. Sign in again.")
        if account.tokens.count() >= TOKENS_MAX:
            raise Forbidden(
                f"This account has {TOKENS_MAX} tokens, the most there can be. "
                "Revoke some on the account page."
            )
        return Token.objects.issue(account, label)[1]


def revoke(token: Token) -> None:
    """The token is good for nothing from now on; its sockets are closed."""
    digest = token.digest
    token.delete()
    transaction.on_commit(lambda: revocation.token_revoked(digest))
