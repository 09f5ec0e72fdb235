"""Texts as words: without case and accents, and one way for what is said and what is asked."""

import pytest

from chat.search.words import LONGEST, MEMBER, PLACE, SENDER, mark, marks, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("Grüße aus ZÜRICH", ["grusse", "aus", "zurich"]),
        ("naïve café, ångström, Łódź", ["naive", "cafe", "angstrom", "lodz"]),
        ("e\u0301clair \u00e9clair", ["eclair", "eclair"]),
        ("e-mail: bob@example.org", ["e", "mail", "bob", "example", "org"]),
        ("snake_case 3.14", ["snake", "case", "3", "14"]),
        ("ΣΊΣΥΦΟΣ Привет Ёлка", ["σισυφοσ", "привет", "елка"]),
        ("Ærø smørrebrød", ["aero", "smorrebrod"]),
        ("ﬁne ＡＢＣ ½", ["fine", "abc", "1", "2"]),
        ("漢字かな abc漢", ["漢", "字", "か", "な", "abc", "漢"]),
        ("한국어", ["한", "국", "어"]),
        ("がか", ["が", "か"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("سَلَام", ["سلام"]),
        ("party 🎉🎉", ["party", "🎉", "🎉"]),
        ("!!! … “”", []),
        ("", []),
        ("x" * 200, ["x" * LONGEST]),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


def test_what_was_folded_stays_so():
    for text in ("Grüße aus ZÜRICH", "ﬁne ＡＢＣ", "한국어", "がか", "ΣΊΣΥΦΟΣ", "हिन्दी"):
        assert words(" ".join(words(text))) == words(text)


def test_a_direct_message_is_marked_by_both_members_and_a_rooms_by_the_room():
    assert list(marks("dm:alice:bob", "bob")) == [
        mark(MEMBER, "alice"), mark(MEMBER, "bob"), mark(SENDER, "bob"),
        mark(PLACE, "dm:alice:bob"),
    ]  # fmt: skip
    assert list(marks("room:lobby", "bob")) == [mark(SENDER, "bob"), mark(PLACE, "room:lobby")]


def test_no_text_has_a_mark():
    for conversation, sender in (("dm:alice:bob", "bob"), ("room:a_b.c-d", "x-y_z.0")):
        for one in marks(conversation, sender):
            assert one not in words(one) and one not in words(f"see {one} there")


def test_names_that_differ_have_marks_that_differ():
    names = ["a.b", "a-b", "a_b", "ab", "a:b"]
    assert len({mark(PLACE, name) for name in names}) == len(names)
