"""Invitation links: made by members, counted, expiring."""

from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from chat.models import Account, Invite
from chat.protocol import Forbidden

USES_MAX = 50
DAYS_MAX = 30
LIVE_MAX = 20
"""Links that one member can have open at once."""


def live() -> QuerySet[Invite]:
    """The links that still make an account.

    Without a join: an update of these compares each row again once it has its lock.
    """
    active = Account.objects.filter(is_active=True)
    return Invite.objects.filter(
        uses_left__gt=0, expires_at__gt=timezone.now(), inviter__in=active.values("pk")
    )


def is_live(code: str) -> bool:
    return "\0" not in code and live().filter(code=code).exists()


def spend(code: str) -> None:
    """Take one use, if there is one: a conditional update, so two cannot take the last.

    Raises Forbidden where there was none. Belongs in the transaction that makes the account.
    """
    if not live().filter(code=code).update(uses_left=F("uses_left") - 1):
        raise refused()


def refused() -> Forbidden:
    return Forbidden(
        "This invitation is used up, expired or withdrawn. Ask a member for a new link."
    )


def make(inviter: Account, *, uses: int, days: int) -> Invite:
    """A new link of `inviter`; raises Forbidden above LIVE_MAX of them. Clears away dead ones."""
    mine = Invite.objects.filter(inviter=inviter)
    mine.exclude(pk__in=live().filter(inviter=inviter).values("pk")).delete()
    if mine.count() >= LIVE_MAX:
        raise Forbidden(
            f"You have {LIVE_MAX} invitation links, the most there can be. Withdraw one first."
        )
    return Invite.objects.create(
        inviter=inviter, uses_left=uses, expires_at=timezone.now() + timedelta(days=days)
    )


def withdraw(inviter: Account, code: str) -> bool:
    """Whether there was such a link of `inviter`; it is gone now."""
    return bool(Invite.objects.filter(inviter=inviter, code=code).delete()[0])
