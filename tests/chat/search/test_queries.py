"""What people type: words, phrases and filters; what is wrong is said, with what would be right."""

from datetime import UTC, datetime

import pytest

from chat.protocol import MAX_QUERY, Invalid
from chat.search.queries import Phrase, parse

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def phrases(text: str) -> list[Phrase]:
    return parse(text, "alice").phrases


def test_words_and_phrases():
    assert phrases('red "Kitchen garden" roses') == [
        Phrase(("red",)), Phrase(("kitchen", "garden")), Phrase(("roses",)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ['"kitchen garden', "“kitchen garden”", "„kitchen garden“"])
def test_quotes_of_all_kinds_also_where_one_is_missing(text):
    assert phrases(text) == [Phrase(("kitchen", "garden"))]


def test_what_is_several_words_is_a_phrase_of_them():
    assert phrases("e-mail http://example.org/a 12:30 漢字") == [
        Phrase(("e", "mail")), Phrase(("http", "example", "org", "a")), Phrase(("12", "30")),
        Phrase(("漢", "字")),
    ]  # fmt: skip


def test_a_star_ends_the_beginning_of_a_word():
    assert phrases('gard* "gard*" a*b 漢*') == [
        Phrase(("gard",), is_prefix=True), Phrase(("gard",)), Phrase(("a", "b")), Phrase(("漢",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "words"),
    [("第12*", ("第", "12")), ("3月25*", ("3", "月", "25")), ("e-ma*", ("e", "ma"))],
)
def test_a_star_after_too_few_letters_is_of_no_account_where_more_stands_before(typed, words):
    assert phrases(typed) == [Phrase(words)]
    with pytest.raises(Invalid, match="3 letters"):
        phrases("12*")


def test_terms_are_as_they_were_typed():
    query = parse('Grüße "Kitchen Garden", roses* (red) from:bob ?', "alice")
    assert query.terms == ["Grüße", "Kitchen Garden", "roses", "red"]


def test_by_whom():
    assert parse("from:Bob from:@carol FROM:me", "alice").senders == ["bob", "carol", "alice"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("#Lobby", ["room:lobby"]),
        ("bob", ["dm:alice:bob", "device:bob"]),
        ("@aaron", ["dm:aaron:alice", "device:aaron"]),
        ("me", ["dm:alice:alice", "device:alice"]),
        ("room:lobby", ["room:lobby"]),
        ("dm:alice:bob", ["dm:alice:bob"]),
        ('"thermometer1"', ["dm:alice:thermometer1", "device:thermometer1"]),
    ],
)
def test_where(typed, meant):
    [(_, ids)] = parse(f"in:{typed}", "alice").places
    assert ids == meant


def test_when():
    query = parse("after:2026-11-01 before:2026-11-02T01:00:00+01:00", "alice")
    assert (query.since, query.until) == (DAY, DAY.replace(day=2))


def test_of_several_times_the_narrowest_counts():
    query = parse("after:2026-10-01 after:2026-11-01 before:2026-12-01 before:2026-11-01", "alice")
    assert (query.since, query.until) == (DAY, DAY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("?!", "must have a word"),
        ('""', "must have a word"),
        ("from:", "as from:bob"),
        ("from:<script>", "as from:bob"),
        ("in: garden", "as in:#lobby"),
        ("in:#two!words", "as in:#lobby"),
        ("in:dm:alice:", "as in:#lobby"),
        ("before:yesterday", "as before:2026-11-01"),
        ("after:2026-02-30", "as after:2026-11-01"),
        ("after:2026-11-01T09:00:00", "with its zone"),
        ("before:9999-12-31T23:59:59-23:00", "as before:2026-11-01"),
        ("ga*", "3 letters"),
        ("gar* ros* lil* dai*", "at most 3"),
        ("пр*", "3 letters"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(text, says):
    with pytest.raises(Invalid, match=says):
        parse(text, "alice")


@pytest.mark.parametrize(
    "text", ["garden OR (roses", 'a" b " c"', "NEAR(a b)", "words:x", "* ^ -a +b !c & |d:*", "'"]
)
def test_an_engines_language_is_but_words(text):
    try:
        found = phrases(text)
    except Invalid:
        return
    assert all(word.isalnum() for phrase in found for word in phrase.words)


def test_whatever_is_typed_is_understood_or_refused():
    signs = 'ab"* :#@-()\\\n漢é😀from:in:before:2026-11-01'
    for start in range(len(signs)):
        for step in range(1, 8):
            text = (signs[start::step] * 20)[:MAX_QUERY]
            try:
                parse(text, "alice")
            except Invalid as refused:
                assert refused.detail.endswith(".")
