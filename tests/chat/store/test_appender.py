"""The writer's numbering and sorting out, on every engine."""

import copy
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.db import InternalError

from chat import models
from chat.appender import Appender
from chat.posts import Post
from chat.protocol import Message
from chat.rooms import mentions
from tests.chat.store import poison
from tests.chat.store.rows import AB, AC, append, codes, post, row, seqs

LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, 789_000, tzinfo=UTC)


@pytest.fixture
def sharing(appender, store):
    """The appenders of two processes."""
    return Appender(store, alone=False), Appender(store, alone=False)


@pytest.fixture
def poisoned(engine):
    with poison.poisoned(engine):
        yield


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


def test_append_never_raises(appender, monkeypatch):
    monkeypatch.setattr(appender._store, "insert", lambda rows: 1 / 0)
    assert codes(append(appender, post("a"))) == ["unavailable"]


def test_a_store_that_is_unwell_blames_no_message(appender, monkeypatch):
    """PostgreSQL that has become read-only, say: not down, and yet nobody's message is at fault."""
    append(appender, post("before"))
    inserts = []

    def insert(rows):
        inserts.append(len(rows))
        raise InternalError("cannot execute INSERT in a read-only transaction")

    monkeypatch.setattr(appender._store, "insert", insert)
    posts = append(appender, *[post(str(n)) for n in range(64)])
    assert codes(posts) == ["unavailable"] * 64
    assert inserts == [64], "nor is it tried again and again"


def test_who_shares_the_store_raises_the_hint_to_what_was_stored_before(sharing):
    """Whoever stored it may have died before its hint was on the disk."""
    first, second = sharing
    append(first, *[post(str(n), client_id=str(n)) for n in range(5)])
    models.Conversation.objects.filter(pk=AB).update(last_seq=0)
    assert seqs(append(second, post("4", client_id="4"))) == [5]
    assert models.Conversation.objects.get(pk=AB).last_seq >= 5


def test_the_beginning_is_told_again_where_it_may_not_have_been(sharing):
    first, second = sharing
    append(first, post("hello", client_id="hello"))
    assert append(second, post("hello", client_id="hello"))[0].begins
    assert append(second, post("more"))[0].begins is None


def test_a_batch_that_others_overtake_goes_on(sharing, store):
    first, second = sharing
    append(first, post("1"))
    append(second, post("2"))
    append(first, post("3"))
    assert seqs(append(second, post("4"), post("5"))) == [4, 5]
    assert [m.body for m in store.before(AB, 1, None, 9)] == ["1", "2", "3", "4", "5"]


def test_what_was_said_elsewhere_keeps_its_time_and_comes_last(appender, store):
    (now,) = append(appender, post("now"))
    past = Post(sender="bob", client_id="old", conversation=AB, body="old", sent_at=LONG_AGO)
    (brought,), (after,) = append(appender, past), append(appender, post("after"))
    assert seqs([brought, after]) == [2, 3]
    ids = [post.message.id for post in (now, brought, after) if post.message]
    assert ids == sorted(ids)
    assert brought.message == store.at(AB, [2])[0]
    assert store.at(AB, [2])[0].sent_at == "2001-02-03T04:05:06.789Z"


def test_what_was_said_elsewhere_calls_nobody(appender, monkeypatch):
    noted: list[Message] = []

    def note(found: Iterable[Message]) -> dict[str, tuple[str, ...]]:
        noted.extend(found)
        return {}

    monkeypatch.setattr(mentions, "note", note)
    past = Post(sender="bob", client_id="old", conversation=AB, body="@alice", sent_at=LONG_AGO)
    append(appender, copy.copy(past), post("@bob"))
    (again,) = append(appender, past)
    assert again.repeated
    assert [message.body for message in noted] == ["@bob"]
