"""The index made anew, by itself and by the command."""

from pathlib import Path

import pytest

from chat.models import Conversation, Message
from chat.search import rebuilding
from chat.search.choice import index
from chat.search.indexing import behind
from chat.search.rebuilding import Reached, rebuild
from chat.store import Said
from tests.chat.search.talk import catch_up, found, opened, say
from tests.chatproject.programs import manage

AB, AC = "dm:alice:bob", "dm:alice:charlie"


def rebuilt() -> int:
    told: list[int] = []
    read = rebuild(told.append)
    assert sum(told) == read
    return read


def test_it_has_everything_once_and_nothing_that_was_not_said(engine, monkeypatch):
    monkeypatch.setattr(rebuilding, "PAGE", 7)
    opened(AB), opened(AC)  # fmt: skip
    for number in range(10):
        say(AB, f"word {number}")
        say(AC, f"word of charlie {number}")
    catch_up()
    Message.objects.filter(conversation=AC, seq__gte=5).delete()
    Conversation.objects.filter(pk=AC).update(last_seq=4)
    assert rebuilt() == 14
    assert (index().count(), behind(), catch_up()) == (14, 0, 0)
    assert len(found("alice", "word", limit=100)) == 14
    assert found("charlie", '"word of" 3') == ["word of charlie 3"]


def test_where_it_was_interrupted_the_indexer_does_the_rest(engine, monkeypatch):
    monkeypatch.setattr(rebuilding, "PAGE", 2)
    opened(AB)
    say(AB, *(f"word {number}" for number in range(5)))
    catch_up()

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(interrupt)
    assert len(found("alice", "word")) == 2
    catch_up()
    assert len(found("alice", "word")) == index().count() == 5


def test_a_conversation_is_indexed_as_far_as_there_is_no_hole():
    """A message may be stored under an id that was passed already."""
    reached = Reached({AC: 5})
    for conversation, seq in ((AB, 1), (AC, 5), (AB, 3), (AC, 6), (AB, 4)):
        reached.note(Said("id", conversation, seq, "alice", "text", "word"))
    assert reached.seqs == {AB: 1, AC: 6}


def test_the_command_says_what_it_did(engine):
    urls = dict(engine.environment)
    folder = Path(urls.pop("DATA_DIR"))
    opened(AB)
    say(AB, "one word", "another word")
    state = manage("search", "status", data_dir=folder, **urls).stdout
    assert state == "0 messages can be found; up to 2 are still to be indexed.\n"
    done = manage("search", "rebuild", data_dir=folder, **urls)
    assert done.returncode == 0, done.stderr
    assert "2 messages read" in done.stdout
    assert "2 messages can be found; the index is up to date." in done.stdout
    assert found("bob", "word") == ["another word", "one word"]
    assert "COMMAND" in manage("search", data_dir=folder, **urls).stderr
