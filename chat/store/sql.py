"""The message store on SQL engines: raw statements where they are worth it.

Measured beside the ORM on SQLite: an insert costs a third, the heads of 200 conversations a
fiftieth, since they are one statement instead of four hundred.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from chat import models
from chat.protocol import Message
from chat.sql import moment
from chat.store.general import OWN_COUNTED, GeneralStore, Head, Member, Row, Said, Tip, message
from chatproject.databases import MESSAGES

INSERT = """
    INSERT INTO chat_message
        (_id, conversation, seq, sender, client_id, kind, body, data, sent_at, edited_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
COLUMNS = "_id, conversation, seq, sender, kind, body, data, sent_at, edited_at"
HEADS = """
    SELECT asked.column3, asked.column1,
        (SELECT MAX(seq) FROM chat_message WHERE conversation = asked.column1),
        (SELECT COUNT(*) FROM (
            SELECT sender FROM chat_message
            WHERE conversation = asked.column1 AND seq > asked.column2
            ORDER BY seq DESC LIMIT %s) AS unread
         WHERE sender = asked.column3)
    FROM (VALUES {values}) AS asked
"""
OLDEST = """
    SELECT asked.column1,
        (SELECT _id FROM chat_message
         WHERE conversation = asked.column1 AND seq > asked.column2
            AND sender <> %s AND _id{bytewise} > %s
         ORDER BY seq LIMIT 1)
    FROM (VALUES {values}) AS asked
"""
TIPS = """
    SELECT asked.column1,
        (SELECT seq FROM chat_message
         WHERE conversation = asked.column1 ORDER BY seq DESC LIMIT 1),
        (SELECT _id FROM chat_message
         WHERE conversation = asked.column1 ORDER BY seq DESC LIMIT 1)
    FROM (VALUES {values}) AS asked
"""
FIRST = """
    SELECT asked.column1,
        (SELECT sent_at FROM chat_message
         WHERE conversation = asked.column1 ORDER BY seq LIMIT 1)
    FROM (VALUES {values}) AS asked
"""
SAID = """
    SELECT m._id, m.conversation, m.seq, m.sender, m.kind, m.body
    FROM (VALUES {values}) AS asked CROSS JOIN chat_message AS m
    WHERE m.conversation = asked.column1 AND m.seq > asked.column2 AND m.seq <= asked.column3
"""
BYTEWISE = {"postgresql": ' COLLATE "C"'}
"""How ids are compared, whatever the database's language; SQLite does so by itself."""
ASKED_AT_ONCE = 500
"""Conversations in one statement: engines bound the number of parameters."""


class SqlStore(GeneralStore):
    def insert(self, rows: Sequence[Row]) -> None:
        connection = connections[MESSAGES]
        adapt = connection.ops.adapt_datetimefield_value
        times = {moment: adapt(moment) for moment in {row.sent_at for row in rows}}
        values = [(*row[:7], _json(row.data, connection), times[row.sent_at],
                   row.edited_at and adapt(row.edited_at)) for row in rows]  # fmt: skip
        with transaction.atomic(using=MESSAGES), connection.cursor() as cursor:
            cursor.executemany(INSERT, values)

    def before(self, conversation: str, first_seq: int, before: int | None, limit: int
               ) -> list[Message]:  # fmt: skip
        below = 2**62 if before is None else before
        newest = self._select(
            "seq >= %s AND seq < %s ORDER BY seq DESC", conversation, first_seq, below, limit
        )
        return newest[::-1]

    def after(self, conversation: str, seq: int, limit: int, besides: str | None = None,
              after_id: str | None = None) -> list[Message]:  # fmt: skip
        return self._select(
            f"seq > %s AND sender <> %s AND _id{_bytewise()} > %s ORDER BY seq",
            conversation, seq, besides or "", after_id or "", limit,
        )  # fmt: skip

    def _select(self, condition: str, *parameters: Any) -> list[Message]:
        """Messages of a conversation (the first parameter), at most the last parameter."""
        statement = f"""
            SELECT {COLUMNS} FROM chat_message
            WHERE conversation = %s AND {condition} LIMIT %s
        """  # noqa: S608 (the condition is a constant of this module)
        with connections[MESSAGES].cursor() as cursor:
            cursor.execute(statement, parameters)
            return [
                message((*row[:6], row[6] and json.loads(row[6]), moment(row[7]),
                         row[8] and moment(row[8])))
                for row in cursor.fetchall()
            ]  # fmt: skip

    def heads(self, read: Mapping[Member, int]) -> dict[Member, Head]:
        asked = ((conversation, seq, account) for (account, conversation), seq in read.items())
        rows = self._ask(HEADS, [OWN_COUNTED], asked)
        return {(account, conversation): Head(last or 0, own)
                for account, conversation, last, own in rows}  # fmt: skip

    def tips(self, conversations: Iterable[str]) -> dict[str, Tip]:
        rows = self._ask(TIPS, [], ((conversation, 0) for conversation in conversations))
        return {conversation: Tip(seq or 0, id_ or "") for conversation, seq, id_ in rows}

    def said(self, spans: Mapping[str, tuple[int, int]]) -> list[Said]:
        asked = ((conversation, *span) for conversation, span in spans.items())
        return [Said(*row) for row in self._ask(SAID, [], asked)]

    def beginnings(self, conversations: Iterable[str]) -> dict[str, datetime]:
        rows = self._ask(FIRST, [], ((conversation, 0) for conversation in conversations))
        return {conversation: moment(at) for conversation, at in rows if at is not None}

    def oldest(self, after: Mapping[str, int], besides: str | None = None,
               after_id: str | None = None) -> dict[str, str]:  # fmt: skip
        rows = self._ask(OLDEST, [besides or "", after_id or ""], after.items())
        return {conversation: first for conversation, first in rows if first}

    def _ask(
        self, statement: str, parameters: list[Any], asked: Iterable[tuple[Any, ...]]
    ) -> Iterator[tuple[Any, ...]]:
        """Ask `statement` about many conversations: each tuple begins with one, and a seq."""
        tuples = iter(asked)
        with connections[MESSAGES].cursor() as cursor:
            while some := list(islice(tuples, ASKED_AT_ONCE)):
                marks = f"({', '.join(['%s'] * len(some[0]))})"
                values = ", ".join([marks] * len(some))
                asking = statement.format(values=values, bytewise=_bytewise())
                cursor.execute(asking, [*parameters, *chain.from_iterable(some)])
                yield from cursor.fetchall()


def _bytewise() -> str:
    return BYTEWISE.get(connections[MESSAGES].vendor, "")


def _json(data: dict[str, Any] | None, connection: BaseDatabaseWrapper) -> Any:
    """A JSON column's value: an SQL NULL for None, not a JSON null."""
    if data is None:
        return None
    return models.Message._meta.get_field("data").get_db_prep_save(data, connection)
