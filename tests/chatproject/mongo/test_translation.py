"""What the engine does not refuse it answers as SQLite does: thousands of drawn queries."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import NotSupportedError
from django.db.models import Avg, Count, Max, Min, Q, QuerySet, Sum

from chat.models import Message
from tests.chat.store.rows import NOW, row

QUERIES = 400
SENDERS = ["alice", "bob", "Zoë", "a.b"]
FIELDS = ["id", "conversation", "seq", "sender", "kind", "sent_at"]
ROWS = [
    row(
        f"dm:{number % 3}",
        number,
        SENDERS[number % 4],
        kind=("text", "reading", "deleted")[number % 3],
        data=None if number % 2 else {"n": number},
        sent_at=NOW + timedelta(seconds=number // 4),
        body=("", "a%b", "A_b")[number % 3],
    )
    for number in range(1, 41)
]


def leaf(draw: random.Random) -> Q:
    one = draw.choice(ROWS)
    two = draw.choice(ROWS)
    seqs = sorted([one.seq, two.seq])
    kinds: list[dict[str, Any]] = [
        {"seq": one.seq}, {"seq__gt": one.seq}, {"seq__gte": one.seq}, {"seq__lt": one.seq},
        {"seq__lte": one.seq + 0.5}, {"seq__range": seqs}, {"seq__in": [*seqs, 999]},
        {"seq__in": []}, {"seq": 2**70}, {"seq__lt": 2**70},
        {"sender": one.sender}, {"sender__in": [one.sender, two.sender]}, {"sender__gt": "b"},
        {"kind": one.kind}, {"conversation__lte": one.conversation}, {"id": one.id},
        {"data__isnull": draw.random() < 0.5}, {"seq__isnull": False}, {"body": one.body},
        {"sent_at": one.sent_at}, {"sent_at__gt": one.sent_at},
        {"sent_at__range": sorted([one.sent_at, two.sent_at])},
        {"body__icontains": "B"}, {"body__istartswith": "a"}, {"sender__iexact": "ALICE"},
    ]  # fmt: skip
    return Q(**draw.choice(kinds))


def condition(draw: random.Random, depth: int = 3) -> Q:
    """A tree of AND, OR and NOT."""
    if depth == 0 or draw.random() < 0.4:
        found = leaf(draw)
    else:
        parts = [condition(draw, depth - 1) for _ in range(draw.randint(2, 3))]
        found = parts[0]
        for part in parts[1:]:
            found = found & part if draw.random() < 0.5 else found | part
    return ~found if draw.random() < 0.3 else found


def ordered(draw: random.Random, rows: QuerySet[Message]) -> QuerySet[Message]:
    """In a drawn order that leaves nothing open, and sliced."""
    signs = [draw.choice(["", "-"]) + field for field in draw.sample(FIELDS, 2)]
    start = draw.choice([0, 0, 3, 100])
    return rows.order_by(*signs, "id")[start : start + draw.choice([1, 5, 50])]


def question(draw: random.Random) -> Callable[[], Any]:
    """Something to ask about a drawn set of messages."""
    narrow = [(draw.random() < 0.7, condition(draw)) for _ in range(draw.randint(0, 2))]
    fields = draw.sample(FIELDS, draw.randint(1, 3))
    seed = draw.random()

    def rows() -> QuerySet[Message]:
        found = Message.objects.all()
        for keep, by in narrow:
            found = found.filter(by) if keep else found.exclude(by)
        return found

    grouped = {"n": Count("id"), "last": Max("seq"), "sum": Sum("seq"), "data": Count("data")}
    asked: list[Callable[[], Any]] = [
        lambda: list(ordered(random.Random(seed), rows()).values_list(*fields)),
        lambda: [m.pk for m in ordered(random.Random(seed), rows())],
        lambda: rows().count(),
        lambda: rows().exists(),
        lambda: sorted(rows().values_list(*fields).distinct()),
        lambda: list(rows().values_list(fields[0], flat=True).distinct().order_by(fields[0])[1:4]),
        lambda: rows().aggregate(
            a=Min("seq"),
            b=Max("sent_at"),
            c=Sum("seq"),
            d=Avg("seq"),
            e=Count("data"),
            f=Count("*"),
        ),
        lambda: list(rows().values(*fields).annotate(**grouped).order_by(*fields)[:7]),
        lambda: list(rows().values("kind").annotate(n=Count("id")).order_by("-n", "kind")),
        lambda: [row.pk for row in [rows().order_by("id").first(), rows().last()] if row],
    ]
    return draw.choice(asked)


@pytest.fixture(scope="module")
def expected(make_engine):
    """What SQLite answers, or how Django itself refuses."""
    sqlite = make_engine("sqlite")
    sqlite.migrate()
    draw = random.Random(11)
    with sqlite.in_use():
        Message.objects.bulk_create(Message(**row._asdict()) for row in ROWS)
        return [question(draw)() for _ in range(QUERIES)]


def test_answers_or_refusals(djongo, expected):
    Message.objects.bulk_create(Message(**row._asdict()) for row in ROWS)
    draw = random.Random(11)
    refused = 0
    for number in range(QUERIES):
        ask = question(draw)
        try:
            assert ask() == expected[number], f"query {number}"
        except NotSupportedError:
            refused += 1
    assert refused < QUERIES / 2
