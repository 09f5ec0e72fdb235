"""A person's conversations as they see them: titles, cursors, unread. Runs queries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from msgspec import UNSET, Struct, UnsetType

from chat import protocol, sql
from chat.conversation_ids import DEVICE, counterpart, is_direct
from chat.cursors import NOWHERE, Position
from chat.gathering import Gathering
from chat.partners import Partner
from chat.partners import partners as partners_called
from chat.protocol import MAX_CONVERSATIONS, MAX_SEQ, format_time
from chat.store import store
from chat.store.general import Head, Member

PLACES = """
    SELECT m.account_id, c.id, c.last_at, c.changes, m.received_seq, m.read_seq,
        CASE WHEN m.first_seq > c.first_seq THEN m.first_seq ELSE c.first_seq END,
        m.role, m.muted, r.title, r.private, r.closed_at
    FROM chat_membership m JOIN chat_conversation c ON c.id = m.conversation_id
    LEFT JOIN chat_room r ON r.conversation_id = c.id
    WHERE (c.last_seq > 0 OR m.joined_at IS NOT NULL)
"""
OWN = " AND m.account_id = %s"
SOME = " AND m.account_id IN ({})"
BEFORE = " AND c.last_at < %s"
AT = " AND c.last_at = %s"
ONE = " AND c.id = %s"
LATEST_FIRST = " ORDER BY c.last_at DESC, c.id LIMIT %s"
CURSORS = """
    SELECT account_id, conversation_id, received_seq, read_seq FROM chat_membership
    WHERE conversation_id IN ({})
"""
MENTIONS = """
    SELECT * FROM (
        SELECT account_id, conversation_id, seq FROM chat_mention
        WHERE account_id = %s ORDER BY id DESC LIMIT 1000) AS newest
"""
"""Of one account; it is bounded, for others make them."""
ASKED_AT_ONCE = 5000
"""Conversations in one statement: engines bound the number of parameters."""


class Overview(NamedTuple):
    conversations: list[protocol.Conversation]
    partners: list[Partner]
    more: bool


class _Row(NamedTuple):
    conversation: str
    last_at: datetime
    changes: int
    received: int
    read: int
    first_seq: int
    role: str
    muted: bool
    room: str | None
    """Its title, where it is one."""
    private: bool | None
    closed_at: datetime | str | None


class _Page(NamedTuple):
    account: str
    rows: list[_Row]
    known: Mapping[str, Position]
    more: bool


class _Around(NamedTuple):
    """What the database has besides, for several pages."""

    own: Mapping[Member, Position]
    """How far those who asked have come; it may be ahead of the database."""
    cursors: Mapping[Member, Position]
    """How far all members of these conversations have come."""
    heads: Mapping[Member, Head]
    partners: Mapping[str, Partner]
    mentions: Mapping[Member, list[int]]
    """The seqs of messages that call those who asked by name."""


class First(Struct, eq=False):
    """Somebody's question for the first page; `known` as in `overview`."""

    account: str
    known: Mapping[str, Position]


def overview(
    account: str, known: Mapping[str, Position], before: datetime | None, limit: int
) -> Overview:
    """The conversations of `account` with the latest activity (before `before`), latest first.

    `known` holds cursors that may be ahead of the database. A conversation whose first message
    is not stored is left out.
    """
    rows, more = _page(account, before, limit)
    return _describe([_Page(account, rows, known, more)])[0]


def overview_of(account: str, conversation: str, known: Mapping[str, Position]) -> Overview:
    """One conversation of `account`; empty where it is none of theirs."""
    rows = _rows(ONE, account, conversation)
    return _describe([_Page(account, rows, known, more=False)])[0]


def overviews_of(
    conversation: str, known: Mapping[str, Mapping[str, Position]]
) -> dict[str, Overview]:
    """One conversation, as each of the accounts in `known` sees it."""
    if not known:
        return {}
    rows: dict[str, list[_Row]] = {account: [] for account in known}
    statement = PLACES + ONE + SOME.format(sql.marks(list(known)))
    for account, *place in sql.rows(statement, [conversation, *known]):
        rows[account].append(_row(*place))
    pages = [_Page(account, rows[account], known[account], more=False) for account in known]
    return dict(zip(known, _describe(pages), strict=True))


def _first_overviews(asked: Sequence[First]) -> list[Overview]:
    """The first pages of many, with few queries besides one for each."""
    pages = []
    for first in asked:
        rows, more = _page(first.account, None, MAX_CONVERSATIONS)
        pages.append(_Page(first.account, rows, first.known, more))
    return _describe(pages)


first_overviews: Gathering[First, Overview] = Gathering(_first_overviews, at_once=25)
"""Who connects is told together with whoever else connects in that moment."""


def _rows(condition: str, account: str, *parameters: Any) -> list[_Row]:
    found = sql.rows(PLACES + OWN + condition, [account, *parameters])
    return [_row(*place) for _, *place in found]


def _row(conversation: str, last_at: datetime | str, *others: Any) -> _Row:
    return _Row(conversation, sql.moment(last_at), *others)


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


def _describe(pages: Sequence[_Page]) -> list[Overview]:
    """What stands around the rows of each page: how far the messages go, the other sides."""
    around = _around(pages)
    return [_described(page, around) for page in pages]


def _around(pages: Sequence[_Page]) -> _Around:
    own = {(page.account, row.conversation): _furthest(row, page.known)
           for page in pages for row in page.rows}  # fmt: skip
    names = {name for account, conversation in own if (name := counterpart(conversation, account))}
    in_rooms = {page.account for page in pages for row in page.rows if row.room is not None}
    return _Around(
        own,
        _cursors({conversation for _, conversation in own if is_direct(conversation)}),
        store.heads({member: _unread_after(member, at.read) for member, at in own.items()}),
        partners_called(list(names)),
        _mentions(in_rooms),
    )


def _described(page: _Page, around: _Around) -> Overview:
    conversations = []
    others = {}
    for row in page.rows:
        partner = None
        if name := counterpart(row.conversation, page.account):
            others[name] = partner = around.partners[name]
        shown = _shown(page.account, row, partner, around)
        if shown.last_seq or not is_direct(row.conversation):
            conversations.append(shown)
    others.pop(page.account, None)
    return Overview(conversations, list(others.values()), page.more)


def _shown(
    account: str, row: _Row, partner: Partner | None, around: _Around
) -> protocol.Conversation:
    member = account, row.conversation
    head, position = around.heads[member], around.own[member]
    theirs = NOWHERE  # in a notebook, or a room, there is no other side
    if partner is not None and partner.name != account:
        theirs = around.cursors.get((partner.name, row.conversation), NOWHERE)
    return protocol.Conversation(
        id=row.conversation,
        title=partner.title if partner else row.room or "",
        first_seq=row.first_seq,
        last_seq=head.last_seq,
        last_at=format_time(row.last_at),
        received_seq=min(position.received, head.last_seq),
        read_seq=min(position.read, head.last_seq),
        unread=max(0, head.last_seq - _unread_after(member, position.read) - head.own),
        their_received_seq=theirs.received,
        their_read_seq=theirs.read,
        changes=row.changes,
        room=_room(row, position, around.mentions.get(member, [])),
    )


def _room(row: _Row, position: Position, mentions: Collection[int]) -> protocol.Room | UnsetType:
    if row.room is None:
        return UNSET
    return protocol.Room(
        private=bool(row.private),
        closed=row.closed_at is not None,
        role=row.role,
        muted=bool(row.muted),
        mentions=sum(seq > position.read for seq in mentions),
    )


def _unread_after(member: Member, read_seq: int) -> int:
    """The seq beyond which messages count as unread; what a device reports never does."""
    return MAX_SEQ if member[1].startswith(DEVICE) else read_seq


def _furthest(row: _Row, known: Mapping[str, Position]) -> Position:
    """What is not there (any more) is neither to be received nor to be read."""
    position = known.get(row.conversation, NOWHERE)
    below = row.first_seq - 1
    return Position(
        max(row.received, position.received, below), max(row.read, position.read, below)
    )


def _mentions(accounts: Collection[str]) -> dict[Member, list[int]]:
    """The seqs that call these accounts in rooms, the newest of each. What is read is not kept for
    long."""
    found: dict[Member, list[int]] = {}
    if accounts:
        statement = " UNION ALL ".join([MENTIONS] * len(accounts))
        for account, conversation, seq in sql.rows(statement, list(accounts)):
            found.setdefault((account, conversation), []).append(seq)
    return found


def _cursors(conversations: Collection[str]) -> dict[Member, Position]:
    """How far the members of direct conversations have come, by member and conversation."""
    found = {}
    names = iter(conversations)
    while some := list(islice(names, ASKED_AT_ONCE)):
        for account, conversation, received, read in sql.rows(
            CURSORS.format(sql.marks(some)), some
        ):
            found[account, conversation] = Position(received, read)
    return found
