"""Writes of `default` that accompany messages: a conversation's last seq and time, cursors,
last seen. All are raw, many rows in one statement, and only ever move forward."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import connections, transaction

from chatproject.databases import DEFAULT

RAISE = """
    UPDATE chat_conversation SET
        last_at = CASE WHEN last_at < %s THEN %s ELSE last_at END,
        last_seq = CASE WHEN last_seq < %s THEN %s ELSE last_seq END
    WHERE id = %s
"""
RAISE_AT_ONCE = """
    WITH locked AS (
        SELECT id FROM chat_conversation WHERE id = ANY(%s) ORDER BY id FOR UPDATE)
    UPDATE chat_conversation AS c SET
        last_at = GREATEST(c.last_at, raised.at), last_seq = GREATEST(c.last_seq, raised.seq)
    FROM json_to_recordset(%s::json) AS raised (id text, seq bigint, at timestamptz), locked
    WHERE c.id = ANY(%s) AND c.id = raised.id AND c.id = locked.id
"""
"""The same for many on PostgreSQL, which locks rows in their order, so that no two deadlock."""
LOWER = """
    UPDATE chat_conversation SET last_seq = %s, last_at = %s
    WHERE id = %s AND last_seq > %s AND last_at = %s
"""
CURSORS = """
    UPDATE chat_membership SET
        received_seq = CASE WHEN received_seq < %s THEN %s ELSE received_seq END,
        read_seq = CASE WHEN read_seq < %s THEN %s ELSE read_seq END
    WHERE account_id = %s AND conversation_id = %s AND (received_seq < %s OR read_seq < %s)
"""
SEEN = "UPDATE chat_account SET last_seen = %s WHERE name = %s"


def raise_hints(last: Mapping[str, tuple[int, datetime]]) -> None:
    """Say in `default` how far conversations come by a batch that is being stored.

    `last` holds the seq and time of each one's last message. For what is acked, a hint may be
    ahead of the messages, never behind them.
    """
    if connections[DEFAULT].vendor == "postgresql":
        if last:
            _raise_at_once(last)
        return
    rows = []
    for conversation, (seq, at) in sorted(last.items()):
        moment = _moment(at)
        rows.append((moment, moment, seq, seq, conversation))
    _executemany(RAISE, rows)


def _raise_at_once(last: Mapping[str, tuple[int, datetime]]) -> None:
    raised = [{"id": c, "seq": seq, "at": at} for c, (seq, at) in last.items()]
    with connections[DEFAULT].cursor() as cursor:
        batch = msgspec.json.encode(raised).decode()
        cursor.execute(RAISE_AT_ONCE, [list(last), batch, list(last)])


def lower_hints(newest: Mapping[str, tuple[int, str, datetime]]) -> None:
    """Take back hints that were raised for what was not stored then.

    `newest` holds the true last seq, its time, and the time of the hint. One that was raised
    again since is left. Only for who is the only writer: between another's hint and its insert,
    this would hide a message.
    """
    _executemany(LOWER, [(seq, _moment(datetime.fromisoformat(at)), c, seq, _moment(raised_at))
                         for c, (seq, at, raised_at) in sorted(newest.items())])  # fmt: skip


def save_cursors(cursors: Iterable[tuple[str, str, int, int]]) -> None:
    """Save (account, conversation, received seq, read seq); none moves back."""
    _executemany(
        CURSORS,
        [(received, received, read, read, account, conversation, received, read)
         for account, conversation, received, read in sorted(cursors)],
    )  # fmt: skip


def save_last_seen(seen: dict[str, datetime]) -> None:
    _executemany(SEEN, [(_moment(at), name) for name, at in sorted(seen.items())])


def _moment(at: datetime) -> Any:
    return connections[DEFAULT].ops.adapt_datetimefield_value(at)


def _executemany(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with transaction.atomic(using=DEFAULT), connections[DEFAULT].cursor() as cursor:
            cursor.executemany(statement, rows)
