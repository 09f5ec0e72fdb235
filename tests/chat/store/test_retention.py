"""What is too old is removed, on every engine, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings

from chat.models import Account, Change, Conversation, Mention, Message
from chat.retention import counting, finding, removing
from chat.retention.counting import count_outdated
from chat.retention.removing import remove_outdated
from chat.retention.terms import terms
from chat.search.choice import index
from chat.search.index import Entry
from tests.chat.store.rows import AB, AC, NOW, append, post, row, seqs

FOR_GOOD = float("inf")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def kept(store, monkeypatch) -> Iterator[None]:
    for module in (finding, counting, removing):
        monkeypatch.setattr(module, "store", store)
    with override_settings(RETENTION_DIRECT=1, RETENTION_ROOMS=0, RETENTION_FEEDS=0):
        yield


@pytest.fixture
def talk(store):
    """`talk(conversation, old, new)`: so many messages of two days ago, and of now."""

    def fill(conversation: str, old: int, new: int, kind: str = "dm") -> None:
        Conversation.objects.create(id=conversation, kind=kind, last_seq=old + new, last_at=NOW)
        ages = [timedelta(days=2)] * old + [timedelta()] * new
        store.insert([row(conversation, seq, sent_at=NOW - age)
                      for seq, age in enumerate(ages, 1)])  # fmt: skip

    return fill


def remove() -> int:
    return remove_outdated(FOR_GOOD, NOW)


def left(conversation: str) -> list[int]:
    found = Message.objects.filter(conversation=conversation).order_by("seq")
    return list(found.values_list("seq", flat=True))


def floor(conversation: str) -> int:
    return Conversation.objects.get(pk=conversation).first_seq


def test_what_is_too_old_goes_and_the_rest_stays(talk):
    talk(AB, old=3, new=2)
    talk(AC, old=0, new=2)
    assert remove() == 3
    assert (left(AB), floor(AB)) == ([4, 5], 4)
    assert (left(AC), floor(AC)) == ([1, 2], 1)
    assert remove() == 0


def test_the_last_message_always_stays(talk, appender):
    talk(AB, old=3, new=0)
    assert remove() == 2
    assert left(AB) == [3]
    assert seqs(append(appender, post("goes on"))) == [4]


def test_more_than_a_step_goes_step_by_step(talk, monkeypatch):
    monkeypatch.setattr(finding, "STEP", 4)
    talk(AB, old=11, new=1)
    assert count_outdated(next(terms(NOW))) == (11, 1)
    assert remove() == 11
    assert left(AB) == [12]


def test_other_kinds_have_their_own_settings(talk):
    talk("room:attic", old=2, new=1, kind="room")
    talk("device:boiler", old=2, new=1, kind="device")
    assert remove() == 0
    with override_settings(RETENTION_FEEDS=1):
        assert remove() == 2
    assert (left("room:attic"), left("device:boiler")) == ([1, 2, 3], [3])


def test_what_was_left_by_one_who_died_goes(talk, store):
    talk(AB, old=3, new=1)
    Conversation.objects.filter(pk=AB).update(first_seq=4)  # the floor is raised first
    Conversation.objects.filter(pk=AB).update(last_seq=5)
    store.insert([row(AB, 5)])
    remove()
    assert left(AB) == [4, 5]


def test_mentions_and_changes_of_it_go_too(talk):
    Account.objects.create(name="bob")
    talk("room:attic", old=3, new=2, kind="room")
    for seq in (1, 3, 4):
        Mention.objects.create(account_id="bob", conversation_id="room:attic", seq=seq)
    for number, seq in enumerate((2, 5, 3), 1):
        Change.objects.create(conversation_id="room:attic", number=number, seq=seq)
    Conversation.objects.filter(pk="room:attic").update(changes=3)
    with override_settings(RETENTION_ROOMS=1):
        remove()
    assert list(Mention.objects.values_list("seq", flat=True)) == [4]
    numbers = Change.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [2, 3]  # the last one, so that clients learn that they know all


def test_what_was_brought_in_later_is_kept_from_the_first_on_that_is_new_enough(talk, store):
    talk(AB, old=1, new=1)
    store.insert([row(AB, 3, sent_at=NOW - 2 * DAY), row(AB, 4)])
    Conversation.objects.filter(pk=AB).update(last_seq=4)
    remove()
    assert left(AB) == [2, 3, 4]


def test_nothing_goes_where_nothing_is_set(talk):
    talk(AB, old=3, new=1)
    with override_settings(RETENTION_DIRECT=0):
        assert remove() == 0
    assert len(left(AB)) == 4


def test_it_is_found_by_its_words_no_more(talk, store, monkeypatch):
    monkeypatch.setattr(finding, "STEP", 2)
    talk(AB, old=3, new=1)
    put = [Entry(message.id, AB, message.seq, ["word"]) for message in store.after(AB, 0, 9)]
    index().put(put, {})
    remove()
    assert [entry.seq for entry in put if index().place_of(entry.message)] == [4]


def test_words_go_before_their_messages(talk, store, monkeypatch):
    """Who dies in between leaves what is found again; the other way round, words for good."""
    talk(AB, old=3, new=1)
    (first, *_) = store.after(AB, 0, 1)
    index().put([Entry(first.id, AB, 1, ["word"])], {})

    def die(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "remove_below", die)
    with pytest.raises(KeyboardInterrupt):
        remove()
    assert (left(AB), index().place_of(first.id)) == ([1, 2, 3, 4], None)
