"""Incoming webhooks: whoever knows a hook's URL posts into its room, in the name of an account of
its own. Owners and moderators make and revoke them.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from chat import joining, paces
from chat.accounts import registration
from chat.accounts.titles import checked
from chat.models import Account, Membership, Room, Webhook
from chat.models.account import TITLE_MAX
from chat.models.token import TOKEN_BYTES, digest_of
from chat.names import normalise
from chat.posting import Draft, Outcome, post
from chat.protocol import Forbidden, NotFound, check_body
from chat.rooms import membership, notices
from chat.rooms.places import SHOWN, Role, govern, lock, require_open
from chat.rooms.telling import afterwards

MOST = 20
"""Webhooks of one room."""
USE_NOTED = timedelta(minutes=1)
"""How exactly it is known when one was last used."""


def make(account: str, room: str, name: str, title: str = "") -> tuple[Webhook, str]:
    """A new webhook of the room, and the token in its URL, which is kept nowhere. What it posts
    comes from a new account called `name`, which is in the room.

    Raises NotFound, Forbidden (neither owner nor moderator; too many), RateLimited, Invalid and
    Conflict (the name).
    """
    with transaction.atomic():
        lock(room)
        found, _ = govern(account, room, Role.MODERATOR, Role.OWNER)
        if found.webhooks.count() >= MOST:
            raise Forbidden(f"{found} has {MOST} webhooks already; revoke one first.")
        poster = _poster(registration.check_name(name), title)
        paces.take_new_hook(account)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        return _add(found, account, poster, digest_of(token)), token


def _add(found: Room, account: str, poster: Account, digest: str) -> Webhook:
    try:
        with transaction.atomic():
            poster.save(force_insert=True)
    except IntegrityError:
        raise registration.taken(poster.name) from None
    hook = Webhook.objects.create(account=poster, room=found, digest=digest, created_by_id=account)
    joining.join(poster.name, found.conversation_id)
    afterwards(joining.tell_membership, poster.name, found.conversation_id)
    words = f"added the webhook {poster.shown_title}"
    afterwards(notices.tell, found, account, notices.INVITED, words, user=poster.name)
    return hook


def _poster(name: str, title: str) -> Account:
    title = checked("title", title, TITLE_MAX)
    return Account(name=name, title=title, kind=Account.Kind.BOT, password=make_password(None))


def listed(account: str, room: str) -> list[Webhook]:
    """The room's, by name; for its owner and moderators. Raises NotFound and Forbidden."""
    found, _ = govern(account, room, Role.MODERATOR, Role.OWNER)
    return list(_of(found))


def revoke(account: str, room: str, name: str) -> None:
    """The URL is good for nothing from now on; the account leaves the room, and what it said
    stays. Raises NotFound and Forbidden."""
    found, _ = govern(account, room, Role.MODERATOR, Role.OWNER)
    hook = _of(found).filter(account=normalise(name)).first()
    if hook is None:
        raise NotFound(f"{found} has no webhook “{name[:SHOWN]}”.")
    end(hook)


def end(hook: Webhook) -> None:
    """The same, whoever asks for it."""
    poster, room = hook.account_id, hook.room_id
    hook.delete()
    if Membership.objects.filter(account=poster, conversation=room).exists():
        membership.leave(poster, room)


def say(token: str, text: str, client_id: str | None = None) -> Outcome:
    """Post `text` in the name of the webhook with that token: once under the same `client_id`.

    Raises NotFound (no such hook, or its account is not in the room any more), Forbidden (closed),
    RateLimited, Invalid and Unavailable.
    """
    hook = _by(token)
    paces.take_hook(hook.account_id)
    check_body(text)
    require_open(hook.room)
    draft = Draft(
        sender=hook.account_id,
        conversation=hook.room_id,
        client_id=client_id or secrets.token_hex(16),
        body=text,
    )
    (outcome,) = post([draft])
    _note_use(hook)
    return outcome


def _by(token: str) -> Webhook:
    found = Webhook.objects.select_related("room").filter(digest=digest_of(token)).first()
    if (
        found is None
        or not found.room.conversation.memberships.filter(account=found.account_id).exists()
    ):
        raise NotFound("There is no such webhook.")
    return found


def _note_use(hook: Webhook) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED)
    Webhook.objects.filter(stale, pk=hook.pk).update(last_used_at=now)


def _of(room: Room) -> QuerySet[Webhook]:
    return Webhook.objects.filter(room=room).select_related("account", "room")
