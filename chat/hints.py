"""Writes of `default` that accompany messages: a conversation's last seq and time, cursors,
last seen. All are raw, many rows in one statement, and only ever move forward."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from chatproject.databases import DEFAULT

RAISE = """
    UPDATE chat_conversation SET last_at = %s,
        last_seq = CASE WHEN last_seq < %s THEN %s ELSE last_seq END
    WHERE id = %s
"""
LOWER = """
    UPDATE chat_conversation SET last_seq = %s, last_at = %s
    WHERE id = %s AND last_seq > %s AND last_at = %s
"""
CURSOR = """
    UPDATE chat_membership SET {0} = %s
    WHERE account_id = %s AND conversation_id = %s AND {0} < %s
"""
SEEN = "UPDATE chat_account SET last_seen = %s WHERE name = %s"


def raise_hints(last_seqs: dict[str, int], at: datetime) -> None:
    """Say in `default` how far conversations come by a batch that is being stored.

    For what is acked, a hint may be ahead of the messages, never behind them.
    """
    moment = _moment(at)
    _executemany(RAISE, [(moment, seq, seq, c) for c, seq in sorted(last_seqs.items())])


def lower_hints(newest: dict[str, tuple[int, str]], raised_at: datetime) -> None:
    """Take back hints raised at `raised_at` for what was not stored then.

    `newest` holds the true last seq and its time. A hint that was raised again since is left.
    """
    before = _moment(raised_at)
    _executemany(LOWER, [(seq, _moment(datetime.fromisoformat(at)), c, seq, before)
                         for c, (seq, at) in sorted(newest.items())])  # fmt: skip


def save_cursors(cursors: Iterable[tuple[str, str, int, int]]) -> None:
    """Save (account, conversation, received seq, read seq); none moves back."""
    rows = sorted(cursors)
    _executemany(
        CURSOR.format("received_seq"), [(received, a, c, received) for a, c, received, _ in rows]
    )
    _executemany(CURSOR.format("read_seq"), [(read, a, c, read) for a, c, _, read in rows])


def save_last_seen(seen: dict[str, datetime]) -> None:
    _executemany(SEEN, [(_moment(at), name) for name, at in sorted(seen.items())])


def _moment(at: datetime) -> Any:
    return connections[DEFAULT].ops.adapt_datetimefield_value(at)


def _executemany(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with transaction.atomic(using=DEFAULT), connections[DEFAULT].cursor() as cursor:
            cursor.executemany(statement, rows)
