"""Opens conversations: a membership exists before the first message. Runs queries."""

from collections.abc import Collection
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from chat import protocol
from chat.conversation_ids import dm_members, dm_partner, is_direct
from chat.models import Account, Conversation, Membership
from chat.partners import partner
from chat.posts import Beginning
from chat.protocol import NotFound, format_time


class Opened(NamedTuple):
    """What became of the conversations asked for."""

    ready: set[str]
    refused: dict[str, NotFound]
    beginnings: dict[str, dict[str, Beginning]]
    """What each member is told of each conversation, if it begins now."""


def open_conversations(wanted: Collection[str]) -> Opened:
    """Make sure that the direct conversations in `wanted` and their memberships exist.

    A conversation with an account that is not there (any more) is refused, and so is any other
    conversation that does not exist: these are not made by posting.
    """
    members = {c: dm_members(c) for c in wanted if is_direct(c)}
    accounts = Account.objects.in_bulk({name for names in members.values() for name in names})
    refused = {}
    for conversation, names in members.items():
        missing = next((n for n in names if not _is_there(accounts.get(n))), None)
        if missing is not None or not names:
            refused[conversation] = _refusal(missing, accounts)
    ready = set(wanted) - refused.keys()
    existing = set(Conversation.objects.filter(id__in=ready).values_list("id", flat=True))
    absent = ready - existing - members.keys()
    refused |= {c: NotFound(f"There is no conversation “{c[:80]}”.") for c in absent}
    ready -= absent
    new = sorted(ready - existing)
    if new:
        _create(new, members)
    beginnings = {conversation: _beginnings(conversation, members[conversation], accounts)
                  for conversation in ready & members.keys()}  # fmt: skip
    return Opened(ready, refused, beginnings)


def _is_there(account: Account | None) -> bool:
    return account is not None and account.deleted_at is None


def nobody(name: str | None) -> NotFound:
    """There is no such account, or none that one may know of."""
    return NotFound(f"There is nobody called “{name}”; “to” must be the name of an account.")


def _refusal(name: str | None, accounts: dict[str, Account]) -> NotFound:
    if name in accounts:
        return NotFound(f"The account “{name}” was deleted.")
    return nobody(name)


def _create(new: list[str], members: dict[str, tuple[str, ...]]) -> None:
    now = timezone.now()
    with transaction.atomic():
        Conversation.objects.bulk_create(
            [Conversation(id=c, kind=Conversation.Kind.DM, last_at=now) for c in new],
            ignore_conflicts=True,
        )
        Membership.objects.bulk_create(
            [Membership(account_id=name, conversation_id=c) for c in new for name in members[c]],
            ignore_conflicts=True,
        )


def _beginnings(
    conversation: str, members: tuple[str, ...], accounts: dict[str, Account]
) -> dict[str, Beginning]:
    now = format_time(timezone.now())
    beginnings = {}
    for name in members:
        other = partner(accounts[dm_partner(conversation, name)])
        shown = protocol.Conversation(conversation, other.title, 1, 0, now, 0, 0, 0)
        beginnings[name] = Beginning(shown, other)
    return beginnings
