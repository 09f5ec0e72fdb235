"""The store and the appender, on both of the store's classes: the general one and that of SQL."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connections

from chat import models, protocol
from chat.appender import Appender
from chat.posts import Post
from chat.store import GeneralStore, Row, SqlStore

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "messages"])

AB, AC = "dm:alice:bob", "dm:alice:charlie"
NOW = datetime(2026, 11, 22, 9, 30, 0, 125_000, tzinfo=UTC)
_ids = itertools.count()


@pytest.fixture(params=[GeneralStore, SqlStore])
def store(request):
    return request.param()


@pytest.fixture
def appender(store):
    for name in ("alice", "bob", "charlie"):
        models.Account.objects.create(name=name)
    return Appender(store)


def row(conversation: str, seq: int, sender: str = "alice", **fields) -> Row:
    number = next(_ids)
    return Row(**{
        "id": f"00000000-0000-7000-8000-{number:012}",
        "conversation": conversation,
        "seq": seq,
        "sender": sender,
        "client_id": f"client-{number}",
        "kind": "text",
        "body": f"body {seq}",
        "data": None,
        "sent_at": NOW + timedelta(milliseconds=number),
        **fields,
    })  # fmt: skip


def post(body: str, conversation: str = AB, sender: str = "alice", client_id: str = "") -> Post:
    return Post(
        sender=sender,
        client_id=client_id or f"post-{next(_ids)}",
        conversation=conversation,
        body=body,
    )


def append(appender, *posts: Post) -> list[Post]:
    appender.append(list(posts))
    return list(posts)


def seqs(posts: list[Post]) -> list[int | None]:
    return [p.message.seq if p.message else None for p in posts]


def codes(posts: list[Post]) -> list[str | None]:
    return [p.error.code if p.error else None for p in posts]


def poison() -> None:
    """Have the database refuse one body, whatever batch it comes in."""
    with connections["messages"].cursor() as cursor:
        cursor.execute("""
            CREATE TRIGGER poison BEFORE INSERT ON chat_message WHEN NEW.body = 'poison'
            BEGIN SELECT RAISE(ABORT, 'poison'); END
        """)


@pytest.fixture
def poisoned():
    poison()
    yield
    with connections["messages"].cursor() as cursor:
        cursor.execute("DROP TRIGGER poison")


# ---- the store --------------------------------------------------------------------------------


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


def test_a_taken_seq_is_refused_with_the_whole_batch(store):
    store.insert([row(AB, 1)])
    with pytest.raises(IntegrityError):
        store.insert([row(AC, 1), row(AB, 1), row(AB, 2)])
    assert store.last_seqs([AB, AC]) == {AB: 1, AC: 0}


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


def test_heads_count_ones_own_among_the_unread(store):
    senders = ["alice", "bob", "bob", "alice", "alice"]
    store.insert([row(AB, seq, sender) for seq, sender in enumerate(senders, start=1)])
    assert store.heads("alice", {AB: 0}) == {AB: (5, 3)}
    assert store.heads("alice", {AB: 3}) == {AB: (5, 2)}
    assert store.heads("alice", {AB: 5, AC: 0}) == {AB: (5, 0), AC: (0, 0)}
    assert store.heads("bob", {AB: 1}) == {AB: (5, 2)}
    assert store.heads("bob", {}) == {}


def test_heads_of_more_conversations_than_fit_into_one_statement(store):
    names = [f"dm:alice:friend{number}" for number in range(600)]
    store.insert([row(name, 1) for name in names])
    assert store.heads("bob", dict.fromkeys(names, 0)) == dict.fromkeys(names, (1, 0))


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


# ---- the appender -----------------------------------------------------------------------------


def test_seq_counts_1_2_3_in_each_conversation(appender, store):
    posts = append(appender, post("a"), post("b", AC), post("c"), post("d", AC), post("e"))
    assert seqs(posts) == [1, 1, 2, 2, 3]
    assert seqs(append(appender, post("f"), post("g", AC))) == [4, 3]
    assert [m.body for m in store.before(AB, 1, None, 10)] == ["a", "c", "e", "f"]


def test_the_message_answered_is_the_message_stored(appender, store):
    posts = append(appender, post("one"), post("two"))
    assert [p.message for p in posts] == store.before(AB, 1, None, 10)


def test_the_same_post_again_is_answered_with_the_first(appender):
    (first,) = append(appender, post("once", client_id="id"))
    (again,) = append(appender, post("once", client_id="id"))
    assert again.message == first.message
    assert seqs(append(appender, post("next"))) == [2]


def test_the_same_post_twice_in_one_batch(appender):
    posts = append(appender, post("once", client_id="id"), post("once", client_id="id"))
    assert seqs(posts) == [1, 1]
    assert posts[0].message == posts[1].message


def test_an_old_post_among_new_ones(appender):
    append(appender, post("old", client_id="id"))
    posts = append(appender, post("new"), post("old", client_id="id"), post("newer"))
    assert seqs(posts) == [2, 1, 3]


@pytest.mark.parametrize("at_once", [True, False])
def test_the_same_id_for_another_message_is_a_conflict(appender, at_once):
    first = post("first", client_id="id")
    others = [post("second", client_id="id"), post("first", AC, client_id="id")]
    if at_once:
        append(appender, first, *others)
    else:
        append(appender, first)
        append(appender, *others)
    assert seqs([first]) == [1]
    assert codes(others) == ["conflict", "conflict"]


def test_a_deleted_message_still_answers_its_id(appender):
    append(appender, post("regretted", client_id="id"))
    models.Message.objects.filter(client_id="id").update(kind="deleted", body="")
    (again,) = append(appender, post("regretted", client_id="id"))
    assert again.message is not None
    assert (again.message.kind, again.message.body, again.error) == ("deleted", "", None)


def test_seqs_that_another_process_took_are_stepped_over(appender, store):
    append(appender, post("mine"))
    store.insert([row(AB, 2, "bob"), row(AB, 3, "bob")])
    assert seqs(append(appender, post("mine too"), post("and this", AC))) == [4, 1]


def test_a_new_appender_goes_on_where_the_last_one_stopped(appender, store):
    append(appender, post("before"))
    assert seqs(append(Appender(store), post("after"))) == [2]


def test_an_account_that_is_not_there_refuses_its_posts_alone(appender):
    posts = append(appender, post("a"), post("b", "dm:alice:nobody"), post("c"))
    assert (seqs(posts), codes(posts)) == ([1, None, 2], [None, "not_found", None])
    assert models.Conversation.objects.count() == 1


def test_membership_exists_before_the_first_message(appender):
    (first,) = append(appender, post("hello"))
    assert first.begins is not None
    assert {name: begin.partner.name for name, begin in first.begins.items()} == {
        "alice": "bob",
        "bob": "alice",
    }
    members = models.Membership.objects.filter(conversation=AB).values_list("account", flat=True)
    assert set(members) == {"alice", "bob"}
    assert append(appender, post("again"))[0].begins is None


def test_the_hint_is_never_behind(appender):
    append(appender, *[post(str(n)) for n in range(5)])
    assert models.Conversation.objects.get(pk=AB).last_seq == 5


@pytest.mark.parametrize("places", [{0}, {15}, {7}, {0, 7, 15}, {3, 4}, set(range(16))])
def test_poisonous_rows_refuse_themselves_alone(appender, store, poisoned, places):
    bodies = ["poison" if place in places else f"good {place}" for place in range(16)]
    posts = append(appender, *[post(body, AC if n % 3 else AB) for n, body in enumerate(bodies)])
    for conversation in (AB, AC):
        mine = [p for p in posts if p.conversation == conversation]
        good = [p for p in mine if p.body != "poison"]
        assert seqs(good) == list(range(1, len(good) + 1))
        assert [m.body for m in store.before(conversation, 1, None, 99)] == [p.body for p in good]
    assert [p.error is not None for p in posts] == [body == "poison" for body in bodies]
    assert append(appender, post("next"))[0].message is not None


def test_a_batch_of_repeats_conflicts_and_poison_is_sorted_out(appender, store, poisoned):
    append(appender, post("old", client_id="old"))
    posts = append(
        appender,
        post("new 1"),
        post("old", client_id="old"),
        post("poison"),
        post("other", client_id="old"),
        post("new 2", client_id="twice"),
        post("new 2", client_id="twice"),
        post("lost", "dm:alice:nobody"),
        post("new 3"),
    )
    assert seqs(posts) == [2, 1, None, None, 3, 3, None, 4]
    assert codes(posts)[3] == "conflict"
    assert codes(posts)[6] == "not_found"
    assert [m.seq for m in store.before(AB, 1, None, 99)] == [1, 2, 3, 4]


def test_a_store_that_is_down_makes_everything_unavailable_and_comes_back(appender):
    append(appender, post("before"))
    with connections["messages"].cursor() as cursor:
        cursor.execute("ALTER TABLE chat_message RENAME TO elsewhere")
    lost = append(appender, post("a", client_id="a"), post("b", AC, client_id="b"))
    with connections["messages"].cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO chat_message")
    assert codes(lost) == ["unavailable", "unavailable"]
    again = append(appender, post("a", client_id="a"), post("b", AC, client_id="b"))
    assert seqs(again) == [2, 1]


def test_append_never_raises(appender, monkeypatch):
    monkeypatch.setattr(appender._store, "insert", lambda rows: 1 / 0)
    assert codes(append(appender, post("a"))) == ["unavailable"]


def test_a_batch_costs_few_queries(appender, django_assert_max_num_queries):
    append(appender, post("warm up"))
    with django_assert_max_num_queries(3, using="messages"):
        append(appender, *[post(str(number)) for number in range(100)])
