"""What the store keeps and finds: the same on every engine, by the ORM and in its own way."""

import sys

import pytest
from django.db import IntegrityError

from chat import models, protocol
from tests.chat.store.rows import AB, AC, row


@pytest.fixture
def store(any_store):
    return any_store


def test_a_row_is_read_as_it_was_written(store):
    data = {"value": 21.5, "unit": "°C", "nested": [1, None, {"a": "b"}]}
    written = row(AB, 1, kind="reading", body="21.5 °C 🙂", data=data)
    store.insert([written])
    assert store.before(AB, 1, None, 10) == [
        protocol.Message(
            id=written.id,
            conversation=AB,
            seq=1,
            sender="alice",
            kind="reading",
            body="21.5 °C 🙂",
            data=data,
            sent_at=protocol.format_time(written.sent_at),
        )
    ]


def test_no_data_is_null_in_the_database(store):
    store.insert([row(AB, 1)])
    assert models.Message.objects.filter(data__isnull=True).count() == 1
    assert store.before(AB, 1, None, 1)[0].data is None


def test_a_taken_seq_is_refused_with_what_comes_after_it(store, engine):
    """Before it: with all of it on SQL, with none of it on MongoDB."""
    store.insert([row(AC, 1)])
    with pytest.raises(IntegrityError):
        store.insert([row(AB, 1), row(AC, 1), row(AC, 2)])
    assert store.last_seqs([AB, AC]) == {AB: 1 if engine.is_mongo else 0, AC: 1}


def test_a_taken_client_id_is_refused(store):
    store.insert([row(AB, 1, client_id="same")])
    with pytest.raises(IntegrityError):
        store.insert([row(AB, 2, client_id="same")])
    store.insert([row(AB, 2, client_id="same", sender="bob")])


def test_pages_before(store):
    store.insert([row(AB, seq) for seq in range(1, 11)] + [row(AC, 1)])

    def page(first_seq: int, before: int | None, limit: int) -> list[int]:
        return [m.seq for m in store.before(AB, first_seq, before, limit)]

    assert page(1, None, 3) == [8, 9, 10]
    assert page(1, 8, 3) == [5, 6, 7]
    assert page(1, 3, 5) == [1, 2]
    assert page(1, 1, 5) == []
    assert page(4, 6, 5) == [4, 5]
    assert page(1, None, 100) == list(range(1, 11))


def test_pages_after(store):
    store.insert([row(AB, s, "alice" if s % 2 else "bob") for s in range(1, 11)] + [row(AC, 1)])
    assert [m.seq for m in store.after(AB, 0, 3)] == [1, 2, 3]
    assert [m.seq for m in store.after(AB, 8, 3)] == [9, 10]
    assert store.after(AB, 10, 3) == []
    assert [m.seq for m in store.after(AB, 0, 3, besides="alice")] == [2, 4, 6]


def test_what_somebody_sent_is_found_between_two_ids(store):
    """Whatever the order in which it came; ids that begin otherwise are no part of it."""
    times = [1795339800000, 1795339800700, 1795339800250, 1795339900000]
    rows = [row(AB, seq, client_id=f"at:{at}") for seq, at in enumerate(times, start=1)]
    others = [row(AB, 5, client_id="reboot:1795339800300"), row(AB, 6, client_id="slot:1:2")]
    store.insert([*rows, *others, row(AC, 1, "charlie", client_id="at:1795339800300")])

    def between(first: int, last: int, limit: int = 10) -> list[int]:
        return [m.seq for m in store.sent_between("alice", f"at:{first}", f"at:{last}", limit)]

    assert between(times[0], times[1]) == [1, 3, 2]
    assert between(times[0] + 1, times[1] - 1) == [3]
    assert between(times[0], times[3], 2) == [2, 4]
    assert between(times[3] + 1, times[3] + 9) == []


def test_heads_count_ones_own_among_the_unread(store):
    senders = ["alice", "bob", "bob", "alice", "alice"]
    store.insert([row(AB, seq, sender) for seq, sender in enumerate(senders, start=1)])
    alice, bob, apart = ("alice", AB), ("bob", AB), ("alice", AC)
    assert store.heads({alice: 0}) == {alice: (5, 3)}
    assert store.heads({alice: 3}) == {alice: (5, 2)}
    assert store.heads({alice: 5, apart: 0}) == {alice: (5, 0), apart: (0, 0)}
    assert store.heads({alice: 1, bob: 1}) == {alice: (5, 2), bob: (5, 2)}
    assert store.heads({alice: 0, bob: 3}) == {alice: (5, 3), bob: (5, 0)}
    assert store.heads({}) == {}


def test_tips_are_the_last_messages(store):
    last = row(AB, 3)
    store.insert([row(AB, 1), row(AB, 2), last])
    assert store.tips([AB, AC]) == {AB: (3, last.id), AC: (0, "")}
    assert store.last_seqs([AB, AC]) == {AB: 3, AC: 0}
    assert store.tips([]) == {}


def test_sent_finds_by_sender_and_client_id(store):
    store.insert([row(AB, 1, client_id="x"), row(AB, 2, "bob", client_id="x")])
    found = store.sent({"alice": ["x", "y"], "charlie": ["x"]})
    assert {key: message.seq for key, message in found.items()} == {("alice", "x"): 1}


def test_many_conversations_are_asked_about_in_portions(engine, monkeypatch):
    monkeypatch.setattr(sys.modules[type(engine.store)._ask.__module__], "ASKED_AT_ONCE", 10)
    names = [f"dm:alice:friend{number}" for number in range(25)]
    rows = [row(name, 1) for name in names]
    engine.store.insert(rows)
    nothing_read = dict.fromkeys(names, 0)
    members = [("alice", name) for name in names]
    heads = engine.store.heads(dict.fromkeys(members, 0))
    assert heads == dict.fromkeys(members, (1, 1))
    assert engine.store.oldest(nothing_read) == {row.conversation: row.id for row in rows}
    assert engine.store.tips(names) == {row.conversation: (1, row.id) for row in rows}


def test_names_that_mean_something_elsewhere_are_names(store):
    names = ["$seq", "$$ROOT", "$$after", "%s", "{values}", "a'b", "{'$ne': 1}"]
    rows = [row(name, 1, sender=name, client_id=name) for name in names]
    store.insert(rows)
    assert store.tips([*names, "$none"]) == {r.conversation: (1, r.id) for r in rows} | {
        "$none": (0, "")
    }
    assert store.oldest(dict.fromkeys(names, 0)) == {r.conversation: r.id for r in rows}
    for name in names:
        assert store.heads({(name, name): 0}) == {(name, name): (1, 1)}
        assert list(store.sent({name: [name]})) == [(name, name)]
        assert store.after(name, 0, 1, besides=name) == []
        assert store.oldest({name: 0}, besides=name) == {}


def test_where_the_first_messages_are(store):
    assert store.beginnings([AB]) == {}
    rows = [row(AB, seq) for seq in (1, 2, 3)]
    store.insert([*rows, row(AC, 1)])
    assert store.beginnings([AB, "dm:nobody:here"]) == {AB: rows[0].sent_at}
    assert store.first_places(AB, 2) == [(1, rows[0].sent_at), (2, rows[1].sent_at)]
    assert store.first_places(AB, 2, after=2) == [(3, rows[2].sent_at)]


def test_the_first_messages_are_removed_and_no_others(store):
    store.insert([row(AB, seq) for seq in (1, 2, 3)] + [row(AC, 1)])
    store.remove_below(AB, 3)
    assert [place.seq for place in store.first_places(AB, 9)] == [3]
    assert [place.seq for place in store.first_places(AC, 9)] == [1]
