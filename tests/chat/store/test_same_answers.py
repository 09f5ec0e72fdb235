"""Every question that the chat asks of its messages, answered by each engine as by SQLite."""

import random
from collections.abc import Callable
from datetime import timedelta
from operator import methodcaller
from typing import Any

import pytest
from django.db.models import Count, Max, Min

from chat.models import Message
from chat.store import GeneralStore, Row
from tests.chat.store.rows import NOW, row

CONVERSATIONS = [f"dm:alice:{name}" for name in ("bob", "charlie", "dora", "zoë", "nobody")]
READERS = ["alice", "bob", "stranger"]
Answer = Callable[[GeneralStore], Any]


def stored() -> list[Row]:
    """Some 200 messages, the same ones each time but for their ids' order."""
    draw = random.Random(3)
    rows = []
    for conversation in CONVERSATIONS[:-1]:
        for seq in range(1, draw.randint(30, 70)):
            sender = draw.choice(["alice", conversation.rpartition(":")[2]])
            data = draw.choice([None, {"value": seq, "of": [conversation, None, 1.5]}])
            kind = draw.choice(["text", "reading", "deleted"])
            rows.append(row(conversation, seq, sender, data=data, kind=kind))
    return rows


ROWS = stored()
IDS = sorted(row.id for row in ROWS)
SPANS = {CONVERSATIONS[0]: (0, 3), CONVERSATIONS[1]: (10, 10), CONVERSATIONS[2]: (5, 2**62)}


def questions() -> list[Answer]:
    """The store's methods with drawn arguments, edges among them."""
    draw = random.Random(5)
    asked: list[Answer] = []
    for _ in range(7):
        seqs = {c: draw.choice([0, 1, draw.randint(0, 80), 2**62]) for c in CONVERSATIONS}
        one, seq = draw.choice(list(seqs.items()))
        first = draw.randint(1, 80)
        before, limit = draw.choice([None, 1, draw.randint(1, 80)]), draw.choice([1, 7, 101])
        besides = draw.choice([None, "alice", "stranger"])
        after_id = draw.choice([None, draw.choice(IDS), IDS[-1]])
        asked += [
            methodcaller("heads", {(draw.choice(READERS), c): s for c, s in seqs.items()}),
            methodcaller("oldest", seqs, besides, after_id),
            methodcaller("before", one, first, before, limit),
            methodcaller("after", one, seq, limit, besides, after_id),
        ]
    some = [(r.sender, r.client_id) for r in draw.sample(ROWS, 20)] + [("alice", "never sent")]
    client_ids: dict[str, list[str]] = {}
    for sender, client_id in some:
        client_ids.setdefault(sender, []).append(client_id)
    return [
        *asked,
        methodcaller("tips", CONVERSATIONS),
        methodcaller("last_seqs", CONVERSATIONS[::-1]),
        methodcaller("sent", client_ids),
        lambda store: sorted(store.said(SPANS)),
        lambda store: sorted(message.id for message in store.named([*IDS[5:9], "none"])),
        *(methodcaller("place_of", id_) for id_ in (IDS[3], IDS[-1], "none")),
    ]


def orm() -> list[Any]:
    """What the admin, the export and the copy ask, by the ORM."""
    every = Message.objects.all()
    soon = NOW + timedelta(milliseconds=ROWS[90].sent_at.microsecond // 1000)
    return [
        every.count(),
        every.exists(),
        every.filter(conversation="none").exists(),
        list(every.values_list("conversation", "seq")[:20]),
        list(every.order_by("-sent_at", "id").values_list("id", flat=True)[5:25]),
        list(every.filter(conversation__iexact="DM:Alice:BOB").values_list("seq", flat=True)),
        list(every.filter(id__gt=IDS[50]).order_by("id").values_list("id", flat=True)[:10]),
        every.filter(sent_at__gte=soon, sent_at__lt=soon + timedelta(seconds=1)).count(),
        every.filter(data__isnull=True).count(),
        every.exclude(kind="deleted").filter(sender__in=["alice", "bob"]).count(),
        sorted(every.values_list("sender", flat=True).distinct()),
        every.aggregate(n=Count("id"), last=Max("seq"), first=Min("sent_at")),
        list(every.values("sender", "kind").annotate(n=Count("id")).order_by("sender", "kind")),
        every.get(pk=IDS[7]).data,
        every.order_by("-id").values_list("seq", flat=True).last(),
        sorted(every.in_bulk(IDS[:5])),
        [m.pk for m in every.filter(seq__range=(3, 5)).order_by("id").iterator(chunk_size=2)],
    ]


@pytest.fixture(scope="module")
def expected(make_engine):
    sqlite = make_engine("sqlite")
    sqlite.migrate()
    with sqlite.in_use():
        sqlite.store.insert(sorted(ROWS, key=lambda row: row[1:3]))
        return [ask(GeneralStore()) for ask in questions()], orm()


def test_each_engine_answers_alike(engine, expected):
    answers, found = expected
    engine.store.insert(sorted(ROWS, key=lambda row: row[1:3]))
    for number, ask in enumerate(questions()):
        assert ask(engine.store) == answers[number], f"question {number}"
        assert ask(GeneralStore()) == answers[number], f"question {number}, by the ORM"
    for number, (ours, theirs) in enumerate(zip(orm(), found, strict=True)):
        assert ours == theirs, f"question {number} of the ORM"


def test_claims_and_changes(engine):
    """A conditional update claims once; what is changed is what was meant."""
    engine.store.insert([row("dm:alice:bob", seq) for seq in range(1, 6)])
    first = Message.objects.filter(seq=1, kind="text")
    assert [first.update(kind="deleted", body="", data=None) for _ in range(2)] == [1, 0]
    assert Message.objects.filter(seq__gte=4).update(data={"a": {"$b": 1}}) == 2
    assert Message.objects.get(seq=5).data == {"a": {"$b": 1}}
    message = Message.objects.get(seq=2)
    message.body = "changed"
    message.save()
    assert Message.objects.get(seq=2).body == "changed"
    assert Message.objects.filter(seq__in=[2, 3]).delete()[0] == 2
    assert list(Message.objects.values_list("seq", flat=True)) == [1, 4, 5]
