"""A person's conversations as they see them: titles, cursors, unread. Runs queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from chat import protocol, sql
from chat.conversation_ids import dm_partner
from chat.cursors import NOWHERE, Position
from chat.partners import Partner
from chat.partners import partners as partners_called
from chat.protocol import format_time
from chat.store import store

MEMBERSHIPS = """
    SELECT c.id, m.first_seq, m.received_seq, m.read_seq, c.last_at
    FROM chat_membership m JOIN chat_conversation c ON c.id = m.conversation_id
    WHERE m.account_id = %s AND c.last_seq > 0
"""
BEFORE = " AND c.last_at < %s"
AT = " AND c.last_at = %s"
ONE = " AND c.id = %s"
LATEST_FIRST = " ORDER BY c.last_at DESC, c.id LIMIT %s"
THEIRS = """
    SELECT conversation_id, received_seq, read_seq FROM chat_membership
    WHERE conversation_id IN ({}) AND account_id <> %s
"""


class Overview(NamedTuple):
    conversations: list[protocol.Conversation]
    partners: list[Partner]
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
    page, more = _page(account, before, limit)
    return _describe(account, page, known, more)


def overview_of(account: str, conversation: str, known: Mapping[str, Position]) -> Overview:
    """One conversation of `account`; empty where it is none of theirs."""
    return _describe(account, _rows(ONE, account, conversation), known, more=False)


def _rows(condition: str, *parameters: Any) -> list[_Row]:
    return [
        _Row(conversation, first_seq, received, read, sql.moment(last_at))
        for conversation, first_seq, received, read, last_at in sql.rows(
            MEMBERSHIPS + condition, parameters
        )
    ]


def _page(account: str, before: datetime | None, limit: int) -> tuple[list[_Row], bool]:
    """One page, and whether more follow. `before` is a time alone, so conversations of the same
    time are never parted: the page ends before them, or, full of nothing else, after them."""
    if before is None:
        page = _rows(LATEST_FIRST, account, limit + 1)
    else:
        page = _rows(BEFORE + LATEST_FIRST, account, sql.to_column(before), limit + 1)
    if len(page) <= limit:
        return page, False
    last_at = page[limit].last_at
    whole = [row for row in page if row.last_at != last_at]
    if whole:
        return whole, True
    tied = sql.to_column(last_at)
    return _rows(AT, account, tied), bool(_rows(BEFORE + LATEST_FIRST, account, tied, 1))


def _describe(
    account: str, page: list[_Row], known: Mapping[str, Position], more: bool
) -> Overview:
    cursors = {row.conversation: _furthest(row, known.get(row.conversation, NOWHERE))
               for row in page}  # fmt: skip
    heads = store.heads(account, {c: position.read for c, position in cursors.items()})
    names = {row.conversation: dm_partner(row.conversation, account) for row in page}
    partners = partners_called(list(set(names.values())))
    theirs = _theirs(account, list(names))
    conversations = []
    for row in page:
        head, position = heads[row.conversation], cursors[row.conversation]
        if head.last_seq == 0:
            continue
        conversations.append(
            protocol.Conversation(
                id=row.conversation,
                title=partners[names[row.conversation]].title,
                first_seq=row.first_seq,
                last_seq=head.last_seq,
                last_at=format_time(row.last_at),
                received_seq=min(position.received, head.last_seq),
                read_seq=min(position.read, head.last_seq),
                unread=max(0, head.last_seq - position.read - head.own),
                their_received_seq=theirs.get(row.conversation, NOWHERE).received,
                their_read_seq=theirs.get(row.conversation, NOWHERE).read,
            )
        )
    others = [partner for name, partner in partners.items() if name != account]
    return Overview(conversations, others, more)


def _furthest(row: _Row, known: Position) -> Position:
    return Position(max(row.received, known.received), max(row.read, known.read))


def _theirs(account: str, conversations: Sequence[str]) -> dict[str, Position]:
    """How far the other sides of direct conversations have come."""
    if not conversations:
        return {}
    found = sql.rows(THEIRS.format(sql.marks(conversations)), [*conversations, account])
    return {conversation: Position(received, read) for conversation, received, read in found}
