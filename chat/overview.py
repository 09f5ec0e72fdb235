"""A person's conversations as they see them: titles, cursors, unread. Runs queries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from chat import protocol
from chat.conversation_ids import dm_partner
from chat.cursors import NOWHERE, Position
from chat.models import Account, Membership
from chat.protocol import format_time
from chat.store import store


class Overview(NamedTuple):
    conversations: list[protocol.Conversation]
    partners: list[Account]
    more: bool


class _Row(NamedTuple):
    conversation: str
    first_seq: int
    received: int
    read: int
    last_at: datetime


def overview(
    account: str, known: Mapping[str, Position], before: datetime | None, limit: int
) -> Overview:
    """The conversations of `account` with the latest activity (before `before`), latest first.

    `known` holds cursors that may be ahead of the database. A conversation whose first message
    is not stored is left out.
    """
    rows, more = _page(account, before, limit)
    return _describe(account, rows, known, more)


def overview_of(account: str, conversation: str, known: Mapping[str, Position]) -> Overview:
    """One conversation of `account`; empty where it is none of theirs."""
    rows = [_Row(*row) for row in _rows(account).filter(conversation=conversation)]
    return _describe(account, rows, known, more=False)


def _rows(account: str) -> QuerySet[Membership, tuple[Any, ...]]:
    return Membership.objects.filter(
        account=account, conversation__last_seq__gt=0
    ).values_list(
        "conversation_id", "first_seq", "received_seq", "read_seq", "conversation__last_at"
    )  # fmt: skip


def _page(account: str, before: datetime | None, limit: int) -> tuple[list[_Row], bool]:
    """One page, and whether more follow. `before` is a time alone, so conversations of the same
    time are never parted: the page ends before them, or, full of nothing else, after them."""
    rows = _rows(account).order_by("-conversation__last_at", "conversation_id")
    if before is not None:
        rows = rows.filter(conversation__last_at__lt=before)
    page = [_Row(*row) for row in rows[: limit + 1]]
    if len(page) <= limit:
        return page, False
    last_at = page[limit].last_at
    whole = [row for row in page if row.last_at != last_at]
    if whole:
        return whole, True
    tied = [_Row(*row) for row in rows.filter(conversation__last_at=last_at)]
    return tied, rows.filter(conversation__last_at__lt=last_at).exists()


def _describe(
    account: str, rows: list[_Row], known: Mapping[str, Position], more: bool
) -> Overview:
    cursors = {row.conversation: _furthest(row, known.get(row.conversation, NOWHERE))
               for row in rows}  # fmt: skip
    heads = store.heads(account, {c: position.read for c, position in cursors.items()})
    names = {row.conversation: dm_partner(row.conversation, account) for row in rows}
    partners = Account.objects.only("name", "title", "kind", "last_seen", "deleted_at").in_bulk(
        list(set(names.values()))
    )
    conversations = []
    for row in rows:
        head, position = heads[row.conversation], cursors[row.conversation]
        if head.last_seq == 0:
            continue
        conversations.append(
            protocol.Conversation(
                id=row.conversation,
                title=partners[names[row.conversation]].shown_title,
                first_seq=row.first_seq,
                last_seq=head.last_seq,
                last_at=format_time(row.last_at),
                received_seq=min(position.received, head.last_seq),
                read_seq=min(position.read, head.last_seq),
                unread=max(0, head.last_seq - position.read - head.own),
            )
        )
    others = [partner for name, partner in partners.items() if name != account]
    return Overview(conversations, others, more)


def _furthest(row: _Row, known: Position) -> Position:
    return Position(max(row.received, known.received), max(row.read, known.read))
