"""What is found, in which order, and by whom: on SQLite and on PostgreSQL alike."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Conversation, Membership
from chat.protocol import MAX_QUERY, NotFound, format_time, parse_time
from chat.search import postgres
from chat.search.finding import search
from chat.search.indexing import AT_ONCE
from tests.chat.search.talk import bodies, catch_up, found, opened, say

pytestmark = pytest.mark.usefixtures("engine")
AB, BC, ROOM = "dm:alice:bob", "dm:bob:charlie", "room:garden"


def test_words_and_phrases_whatever_their_case_and_accents():
    opened(AB)
    say(AB, "The Kitchen garden is grün", "garden, kitchen", "a_b e-mail", "漢字を学ぶ 🎉")
    catch_up()
    assert found("alice", "GARDEN kitchen") == ["garden, kitchen", "The Kitchen garden is grün"]
    assert found("alice", '"kitchen garden"') == ["The Kitchen garden is grün"]
    assert found("alice", "grun") == found("alice", "GRÜN") == ["The Kitchen garden is grün"]
    assert found("bob", "e-mail a_b") == ["a_b e-mail"]
    assert found("bob", "学") == found("bob", "字を") == found("bob", "🎉") == ["漢字を学ぶ 🎉"]
    assert (
        found("bob", "gar*")
        == found("bob", "garde*")
        == ["garden, kitchen", "The Kitchen garden is grün"]
    )
    assert found("bob", "gard") == found("bob", "gardens") == found("bob", "学字") == []


def test_each_finds_their_own_and_nobody_elses():
    opened(AB), opened(BC), opened(ROOM, "alice", "charlie")  # fmt: skip
    say(AB, "secret of two")
    say(BC, "secret of others", sender="bob")
    say(ROOM, "secret of the room")
    catch_up()
    assert found("alice", "secret") == ["secret of the room", "secret of two"]
    assert found("bob", "secret") == ["secret of others", "secret of two"]
    assert found("charlie", "secret") == ["secret of the room", "secret of others"]
    assert found("charlie", "two") == found("charlie", "others", conversation=ROOM) == []


def test_late_joiners_find_what_is_theirs_and_who_left_nothing():
    opened(ROOM, "alice")
    say(ROOM, "before", "he came")
    opened(ROOM, "bob", first_seq=3)
    say(ROOM, "he came in")
    catch_up()
    assert found("bob", "came") == ["he came in"]
    assert found("alice", "came") == ["he came in", "he came"]
    Membership.objects.filter(account="bob").delete()
    assert found("bob", "came") == []
    with pytest.raises(NotFound):
        search("bob", "in:#garden came")


def test_filters():
    opened(AB), opened("dm:alice:alice"), opened(ROOM, "alice")  # fmt: skip
    say(AB, "one rose", sender="bob")
    say(ROOM, "two roses of a rose")
    say("dm:alice:alice", "note a rose")
    say(AB, "three rose")
    catch_up()
    assert found("alice", "rose from:bob") == ["one rose"]
    assert found("alice", "rose from:bob from:me")[-1] == "one rose"
    assert found("alice", "in:bob") == ["three rose", "one rose"]
    assert found("alice", "rose in:#garden") == ["two roses of a rose"]
    assert found("alice", "in:me") == ["note a rose"]
    assert found("alice", "in:me in:#garden") == ["note a rose", "two roses of a rose"]
    assert found("alice", "rose", conversation=AB) == ["three rose", "one rose"]
    assert found("alice", "rose in:me", conversation=AB) == []


@pytest.mark.parametrize("where", ["in:charlie", "in:dm:bob:charlie", "in:#unheard-of"])
def test_where_one_is_not_is_not_found_as_what_does_not_exist(where):
    opened(AB), opened(BC)  # fmt: skip
    with pytest.raises(NotFound, match="that you are in"):
        search("alice", f"word {where}")
    with pytest.raises(NotFound, match="that you are in"):
        search("alice", "word", conversation=where.removeprefix("in:"))


def test_times():
    opened(AB)
    first, second = say(AB, "first word", "second word")
    catch_up()
    sent = first.sent_at
    later = format_time(parse_time(second.sent_at) + timedelta(milliseconds=1))
    assert found("alice", f"word after:{later}") == []
    assert found("alice", f"word before:{sent}") == []
    assert found("alice", f"word after:{sent} before:{later}") == ["second word", "first word"]
    assert found("alice", "word before:2020-01-01") == []


def test_page_by_page_newest_first():
    opened(AB), opened(ROOM, "alice")  # fmt: skip
    said = []
    for number in range(15):
        said += say(AB if number % 2 else ROOM, f"word {number}")
    catch_up()
    sizes, shown, before = [], [], None
    while True:
        page = search("alice", "word", before=before, limit=4)
        sizes.append(len(page.messages))
        shown += bodies(page.messages)
        if not page.more:
            break
        before = page.messages[-1].id
    assert sizes == [4, 4, 4, 3]
    assert shown == [f"word {number}" for number in range(14, -1, -1)]


@pytest.mark.parametrize("migrated_engine", ["postgres"], indirect=True)
@pytest.mark.parametrize(("frequent", "latest"), [(0, 3), (0, 100), (1_000_000, 0)])
def test_the_same_is_found_however_far_it_is_looked_for(frequent, latest, monkeypatch):
    """Among the latest messages, of which some are enough, too few, or none at all."""
    monkeypatch.setattr(postgres, "FREQUENT", frequent)
    monkeypatch.setattr(postgres, "LATEST", latest)
    monkeypatch.setattr(postgres, "LATEST_OF_FREQUENT", latest)
    opened(AB), opened(BC), opened(ROOM, "alice", first_seq=2)  # fmt: skip
    say(ROOM, "word before she came", "word in the garden")
    say(AB, *(f"word {number}" for number in range(5)))
    say(BC, *["word of others"] * 5)
    catch_up()
    everything = ["word 4", "word 3", "word 2", "word 1", "word 0", "word in the garden"]
    for query in ("word", "wor*", '"word"', "word from:me"):
        assert found("alice", query) == everything
        assert found("alice", query, limit=2) == everything[:2]
        assert not search("alice", query, limit=len(everything)).more
        page = search("alice", query, limit=3)
        assert found("alice", query, before=page.messages[-1].id) == everything[3:]
    assert found("alice", "word from:bob") == found("alice", "nothing wor*") == []


def test_exactly_one_page_says_that_there_is_no_more():
    opened(AB)
    say(AB, *["word"] * 3)
    catch_up()
    assert search("alice", "word", limit=3).more is False
    assert search("alice", "word", limit=2).more is True


def test_a_rare_word_is_found_behind_many_common_ones():
    opened(AB)
    say(AB, "needle in the hay", *["hay"] * (2 * AT_ONCE))
    catch_up()
    assert found("alice", "needle hay") == ["needle in the hay"]


@pytest.mark.parametrize(
    "text",
    ["garden OR (roses", "NEAR(garden roses)", "words:garden", "* ^ -garden !b & |def:*", "'garden",
     "garden'); DROP TABLE chat_message; --", "\\garden", "%s %% {0}", "x" * MAX_QUERY,
     "漢" * MAX_QUERY, "a1 " * (MAX_QUERY // 3)],
)  # fmt: skip
def test_an_engines_language_means_nothing(text):
    opened(AB)
    say(AB, "garden", text)
    catch_up()
    assert text in found("alice", text)


def test_somebody_in_very_many_rooms_finds_what_is_theirs():
    rooms = [Conversation(pk=f"room:r{number}", kind="room") for number in range(600)]
    Conversation.objects.bulk_create(rooms)
    joined = timezone.now()
    Membership.objects.bulk_create(
        Membership(account_id="alice", conversation=room, first_seq=1, joined_at=joined)
        for room in rooms
    )
    opened(BC)
    say("room:r599", "word here")
    say(BC, "word there")
    catch_up()
    assert found("alice", "word") == ["word here"]
