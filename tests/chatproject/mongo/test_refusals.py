"""What djongo would translate wrongly, or not at all, is a NotSupportedError before it is asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import NotSupportedError, connections
from django.db.models import (
    Avg,
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)  # fmt: skip
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower, Now, RowNumber, TruncDay

from chat.models import Message
from tests.chat.store.rows import AB, row

every = Message.objects
nested = Q(seq=1, sender="alice") | Q(kind="text")
QUERIES: dict[str, Callable[[], Any]] = {
    "XOR": lambda: every.filter(Q(seq=1) ^ Q(seq=2)).exists(),
    "aggregate with distinct": lambda: every.aggregate(Count("sender", distinct=True)),
    "aggregate with filter": lambda: every.aggregate(n=Count("id", filter=Q(seq=1))),
    "aggregate of an expression": lambda: every.aggregate(x=Max(Lower("sender"))),
    "annotation": lambda: list(every.annotate(low=Lower("sender"))),
    "annotated constant": lambda: list(every.annotate(x=Value("a")).values("x")),
    "average of text": lambda: every.aggregate(x=Avg("sender")),
    "bare condition": lambda: list(every.filter(Exists(every.filter(seq=1)))),
    "case": lambda: list(every.annotate(x=Case(When(seq=1, then=Value(1))))),
    "comparison of columns": lambda: list(every.filter(sender=F("client_id"))),
    "comparison of JSON": lambda: list(every.filter(data={"a": 1})),
    "conditional update": lambda: every.update(seq=F("seq") + 1),
    "count of a slice": lambda: every.all()[:5].count(),
    "count of what is distinct": lambda: every.values("sender").distinct().count(),
    "date lookup": lambda: list(every.filter(sent_at__date="2026-11-22")),
    "delete by a subquery": lambda: every.filter(pk__in=every.values("pk")).delete(),
    "difference": lambda: list(every.all().difference(every.filter(seq=1))),
    "distinct on": lambda: list(every.distinct("sender")),
    "explain": lambda: every.all().explain(),
    "extra": lambda: list(every.extra(where=["1 = 1"])),
    "group ordered by what is not there": lambda: list(
        every.values("sender").annotate(n=Count("id")).order_by(Lower("sender"))
    ),
    "having": lambda: list(every.values("sender").annotate(n=Count("id")).filter(n__gt=1)),
    "insert by an expression": lambda: Message(**row(AB, 1)._asdict() | {"body": Lower(Value("A"))}
                                               ).save(force_insert=True),
    "JSON path": lambda: list(every.filter(data__value__gt=1)),
    "lock": lambda: list(every.select_for_update().filter(seq=1)),
    "lookup of an hour": lambda: list(every.filter(sent_at__hour=3)),
    "negation of nested conditions": lambda: list(every.exclude(nested)),
    "now": lambda: every.update(sent_at=Now()),
    "nulls last": lambda: list(every.order_by(F("data").asc(nulls_last=True))),
    "order by a function": lambda: list(every.order_by(Lower("sender"))),
    "order by chance": lambda: list(every.order_by("?")),
    "raw condition": lambda: list(every.filter(RawSQL("1 = 1", [], BooleanField()))),
    "raw statement": lambda: list(every.raw("SELECT t.* FROM (SELECT * FROM chat_message) t")),
    "regex": lambda: list(every.filter(sender__regex="^a")),
    "subquery in": lambda: list(every.filter(pk__in=every.filter(seq=1).values("pk"))),
    "subquery selected": lambda: list(
        every.annotate(x=Subquery(every.filter(seq=OuterRef("seq")).values("id")[:1]))
    ),
    "sum of text": lambda: every.aggregate(x=Sum("client_id")),
    "truncation annotated": lambda: list(every.annotate(day=TruncDay("sent_at"))),
    "union": lambda: list(every.filter(seq=1).union(every.filter(seq=2))),
    "update or create": lambda: every.update_or_create(pk="x", defaults={"body": ""}),
    "window": lambda: list(every.annotate(n=Window(RowNumber()))),
    "week": lambda: list(every.datetimes("sent_at", "week")),
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_refused(djongo, name):
    djongo.store.insert([row(AB, seq) for seq in range(1, 4)])
    with pytest.raises(NotSupportedError):
        QUERIES[name]()
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1", "VACUUM", "nonsense", 'SELECT "seq" FROM "chat_message"', "DELETE FROM x"],
)
def test_sql_by_hand(djongo, statement):
    with connections["messages"].cursor() as cursor, pytest.raises(NotSupportedError) as raised:
        cursor.execute(statement + " WHERE x = %s", ["a secret"])
    assert "a secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_many_rows_are_for_bulk_create(djongo):
    with connections["messages"].cursor() as cursor, pytest.raises(NotSupportedError):
        cursor.executemany("INSERT INTO x VALUES (%s)", [[1], [2]])
