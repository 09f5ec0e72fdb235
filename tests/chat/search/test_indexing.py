"""The index follows the messages, whatever dies, comes late, is changed or removed."""

import pytest
from django.db import IntegrityError, OperationalError

from chat.models import Conversation, Message
from chat.reconciling import reconcile
from chat.search import finding, indexing
from chat.search.choice import index
from chat.search.finding import search
from chat.search.index import Wanted
from chat.search.indexing import AT_ONCE, Indexer, behind, entries
from chat.search.keeping import forget, renew
from chat.search.numbers import HIGHEST, number_of
from chat.search.queries import Phrase
from chat.store import Said, store
from tests.chat.search.talk import bodies, catch_up, found, opened, say

pytestmark = pytest.mark.usefixtures("engine")
AB, AC = "dm:alice:bob", "dm:alice:charlie"


def indexed(conversation: str) -> int:
    return int(Conversation.objects.get(pk=conversation).indexed_seq)


def test_many_messages_of_many_conversations_are_indexed_once_each():
    opened(AB), opened(AC)  # fmt: skip
    say(AB, *(f"word {number}" for number in range(2 * AT_ONCE + 1)))
    say(AC, "word")
    assert behind() == 2 * AT_ONCE + 2
    assert catch_up() == 2 * AT_ONCE + 2
    assert (behind(), catch_up(), index().count()) == (0, 0, 2 * AT_ONCE + 2)
    assert (indexed(AB), indexed(AC)) == (2 * AT_ONCE + 1, 1)


def test_a_conversation_with_much_to_index_does_not_keep_others_waiting():
    opened(AB), opened(AC)  # fmt: skip
    say(AB, *["word"] * (5 * AT_ONCE))
    say(AC, "urgent")
    indexer = Indexer()
    assert (indexer.step(), indexer.step()) == (AT_ONCE, 1)
    assert found("alice", "urgent") == ["urgent"]


def test_a_step_that_fails_leaves_nothing_half_done(monkeypatch):
    opened(AB)
    say(AB, "word")
    kind = type(index())
    with monkeypatch.context() as patched:
        patched.setattr(kind, "_reach", lambda *_: (_ for _ in ()).throw(OperationalError))
        with pytest.raises(OperationalError):
            Indexer().step()
    assert (index().count(), indexed(AB)) == (0, 0)
    catch_up()
    assert found("alice", "word") == ["word"]


def test_what_is_indexed_again_is_there_once():
    opened(AB)
    say(AB, "word", "word again")
    catch_up()
    Conversation.objects.update(indexed_seq=0)
    assert (catch_up(), index().count()) == (2, 2)
    assert found("alice", "word") == ["word again", "word"]


def test_a_hint_ahead_of_the_messages_hides_nothing_that_comes():
    opened(AB)
    say(AB, "first word", hint=2)
    indexer = Indexer()
    assert [indexer.step() for _ in range(4)] == [1, 0, 0, None]
    assert indexed(AB) == 1
    say(AB, "second word")
    while indexed(AB) < 2:
        indexer.step()
    assert found("alice", "word") == ["second word", "first word"]


def test_what_hints_are_ahead_of_is_asked_for_ever_more_rarely(monkeypatch):
    opened(AB)
    say(AB, hint=1)
    asked, said = [], indexing.store.said

    def counted(spans):
        asked.append(spans)
        return said(spans)

    monkeypatch.setattr(indexing.store, "said", counted)
    now = 0.0
    monkeypatch.setattr(indexing.time, "monotonic", lambda: now)
    indexer = Indexer()
    for _ in range(2 * 600):  # ten minutes
        indexer.step()
        now += 0.5
    assert 10 < len([spans for spans in asked if spans]) < 30


def test_readings_are_not_indexed_and_hold_up_nothing():
    opened("device:t1", "alice")
    say("device:t1", "21 °C", sender="t1", kind="reading")
    say("device:t1", "too warm: 31 °C", sender="t1", kind="alert")
    catch_up()
    assert found("alice", "in:t1") == ["too warm: 31 °C"]
    assert indexed("device:t1") == 2


def test_messages_whose_numbers_are_the_same_are_both_found():
    opened(AB), opened(AC)  # fmt: skip
    one, other = "018bcfe5-6800-7000-8000-000000000001", "018bcfe5-6800-7000-8000-000000000002"
    assert number_of(one) == number_of(other)
    said = [Said(one, AB, 1, "alice", "text", "word"), Said(other, AC, 1, "alice", "text", "word")]
    for _ in range(2):
        index().put(entries(said), {})
        index().put(entries(said[1:]), {})
    assert index().count() == 2
    assert {index().place_of(one), index().place_of(other)} == {number_of(one), number_of(one) + 1}
    forget([one])
    assert (index().count(), index().place_of(other)) == (1, number_of(one) + 1)


# ---- changed and removed ----------------------------------------------------------------------


def change(message, **fields):
    now = {"kind": "text", "data": None, "edited_at": None, "body": "", **fields}
    store.change(message.id, **now)
    return store.at(message.conversation, [message.seq])[0]


@pytest.mark.parametrize("before", [True, False])
def test_an_edited_message_is_found_by_what_it_says_now(before):
    """Whether it was indexed before or comes to be afterwards."""
    opened(AB)
    [message] = say(AB, "old words")
    if before:
        catch_up()
    renew(change(message, body="new words"))
    catch_up()
    assert found("alice", "words") == ["new words"]
    assert found("bob", "new") == ["new words"]
    assert found("alice", "old") == []
    assert index().count() == 1


def test_a_deleted_message_is_not_found_even_by_an_indexer_that_read_it_before():
    opened(AB)
    [message] = say(AB, "secret")
    read = entries(store.said({AB: (0, 1)}))
    renew(change(message, kind="deleted"))
    index().put(read, {AB: 1})
    assert found("alice", "secret") == found("alice", "in:bob") == []
    assert words_left("secret") is False


def words_left(word: str) -> bool:
    """Whether the index itself still has the word, whatever the store says."""
    return bool(index().find(Wanted("alice", [[Phrase((word,))]], 0, HIGHEST), 1))


def test_what_is_forgotten_leaves_no_words_behind():
    opened(AB), opened(AC)  # fmt: skip
    said = say(AB, *(f"word {number}" for number in range(120)))
    say(AC, "word of another")
    catch_up()
    forget([said[110].id])
    forget(message.id for message in said[:100])
    assert found("alice", "word", limit=100) == [
        "word of another", *(f"word {number}" for number in range(119, 99, -1) if number != 110),
    ]  # fmt: skip
    assert index().count() == 20


def test_what_the_store_lost_is_not_shown_and_does_not_shorten_a_page():
    opened(AB)
    said = say(AB, *(f"word {number}" for number in range(10)))
    catch_up()
    Message.objects.filter(pk__in=[message.id for message in said[3:8]]).delete()
    assert found("alice", "word", limit=4) == ["word 9", "word 8", "word 2", "word 1"]


def test_a_search_ends_though_very_much_is_lost(monkeypatch):
    monkeypatch.setattr(finding, "ROUND", 1)
    opened(AB)
    said = say(AB, *["word"] * (2 * finding.ROUNDS + 5), "last")
    catch_up()
    Message.objects.filter(pk__in=[message.id for message in said[2:-1]]).delete()
    first = search("alice", "in:bob", limit=1)
    assert (bodies(first.messages), first.more) == (["last"], True)
    rest = search("alice", "in:bob", before=first.messages[-1].id, limit=30)
    assert [message.seq for message in rest.messages] == [2, 1]
    assert not rest.more


def test_below_where_messages_were_removed_nothing_is_waited_for():
    opened(AB)
    say(AB, *(f"word {number}" for number in range(5)))
    Message.objects.filter(conversation=AB, seq__lt=4).delete()
    Conversation.objects.filter(pk=AB).update(first_seq=4)
    assert behind() == 2
    assert (catch_up(), indexed(AB)) == (2, 5)


def test_after_a_restore_what_comes_in_place_of_the_lost_is_found():
    opened(AB)
    say(AB, "word 1", "word 2", "word 3")
    catch_up()
    Message.objects.filter(conversation=AB, seq__gt=1).delete()
    reconcile()
    say(AB, "another word 2")
    catch_up()
    assert found("alice", "word") == ["another word 2", "word 1"]


def test_merging_ends_and_loses_nothing():
    opened(AB)
    for number in range(40):
        say(AB, f"word {number}")
        catch_up()
    while index().tidy():
        pass
    assert len(found("alice", "word", limit=100)) == 40


def test_cleared_it_finds_nothing_and_takes_everything_in_again():
    opened(AB)
    say(AB, "word")
    catch_up()
    index().clear()
    assert found("alice", "word") == []
    Conversation.objects.update(indexed_seq=0)
    catch_up()
    assert bodies(store.at(AB, [1])) == found("alice", "word")


def test_one_that_the_index_will_not_have_keeps_no_other_from_it(monkeypatch, caplog):
    opened(AB)
    say(AB, "before", "poison", "after")
    kind = type(index())
    insert = kind._insert

    def refuse(self, rows):
        if any("poison" in entry.words for _, entry in rows):
            raise IntegrityError
        insert(self, rows)

    monkeypatch.setattr(kind, "_insert", refuse)
    assert catch_up() == 3
    assert (found("alice", "before"), found("alice", "after")) == (["before"], ["after"])
    assert (indexed(AB), catch_up()) == (3, 0)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "poison" not in caplog.text


def test_large_messages_are_indexed_in_several_transactions(monkeypatch):
    opened(AB)
    say(AB, *["語" * 10_000] * 15)
    kind = type(index())
    put, sizes = kind.put, []

    def note(self, entries, reached):
        sizes.append(len(entries))
        put(self, entries, reached)

    monkeypatch.setattr(kind, "put", note)
    assert catch_up() == 15
    assert sizes == [10, 5]
    assert indexed(AB) == 15
