"""What ends a person's sessions, tokens and sockets: a new password, suspension, deletion."""

from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from chat import joining, revocation
from chat.models import Account, Invite, Membership, Room, Token
from chat.rooms.membership import succeed
from chat.rooms.telling import afterwards

_ENDED_FIELDS = ["deleted_at", "is_active", "is_staff", "is_superuser", "title", "password"]


def change_password(account: Account, password: str) -> None:
    """Set it, and end all sessions, tokens and sockets.

    Sessions hold a hash of the password's hash, so they end by its change; who wants to keep
    one calls `update_session_auth_hash` afterwards.
    """
    account.set_password(password)
    with transaction.atomic():
        account.save(update_fields=["password"])


@receiver(post_save, sender=Account)
def end_what_the_old_password_began(
    sender: type[Account], instance: Account, created: bool, **kwargs: Any
) -> None:
    """Tokens and sockets, however it was changed: also by the admin's pages and by
    `manage.py changepassword`, which know of neither."""
    if created or getattr(instance, "_password", None) is None:
        return
    Token.objects.filter(account=instance).delete()
    _close_sockets(instance.name)


def sign_out(accounts: Collection[Account]) -> None:
    """End all their sessions, tokens and sockets; they may sign in again.

    Only a session itself says whose it is, so all of them are read, in portions.
    """
    names = {account.name for account in accounts}
    with transaction.atomic():
        Session.objects.filter(session_key__in=list(_sessions_of(names))).delete()
        Token.objects.filter(account__in=names).delete()
        for name in names:
            _close_sockets(name)


def _sessions_of(names: Collection[str]) -> Iterator[str]:
    rows = Session.objects.filter(expire_date__gt=timezone.now())
    for key, data in rows.values_list("session_key", "session_data").iterator():
        if SessionStore().decode(data).get(SESSION_KEY) in names:
            yield key


def suspend(account: Account) -> None:
    """The account may not sign in until it is resumed; what it has is kept."""
    account.is_active = False
    with transaction.atomic():
        account.save(update_fields=["is_active"])
        _close_sockets(account.name)


def resume(account: Account) -> None:
    account.is_active = True
    account.save(update_fields=["is_active"])


def delete(account: Account) -> None:
    """End the account for good. Its messages stay; its name is never given out again."""
    account.deleted_at = timezone.now()
    account.is_active = account.is_staff = account.is_superuser = False
    account.title = ""
    account.set_unusable_password()
    with transaction.atomic():
        account.save(update_fields=_ENDED_FIELDS)
        account.groups.clear()
        account.user_permissions.clear()
        Token.objects.filter(account=account).delete()
        Invite.objects.filter(inviter=account).delete()
        _leave_all(account)
        _close_sockets(account.name)
        name, title = account.name, account.shown_title
        transaction.on_commit(lambda: revocation.account_renamed(name, title))


def _leave_all(account: Account) -> None:
    """Rooms that were theirs go to others."""
    mine = Membership.objects.filter(account=account).exclude(joined_at=None)
    joined = Room.objects.filter(conversation__in=mine.values("conversation"))
    rooms = list(joined.select_for_update(no_key=True).order_by("pk"))
    owned = set(mine.filter(role=Membership.Role.OWNER).values_list("conversation", flat=True))
    mine.delete()
    for room in rooms:
        if room.pk in owned and (heir := succeed(room)):
            afterwards(joining.tell_renewed, room.conversation_id, heir)


def _close_sockets(name: str) -> None:
    """Once it is committed: a socket that came back earlier would be let in again."""
    transaction.on_commit(lambda: revocation.account_ended(name))
