"""Text that means something to an engine is text: stored, found and compared as it is."""

from typing import Any

import pytest
from django.db.models import Q

from chat.models import Message
from tests.chat.store.rows import AB, row

BODIES = [
    "plain", "PLAIN", "ends with a newline\n", "\n", "100%", "under_score", "a.b", "axb", "a*b",
    "^start", "end$", "(group)", "[a-z]", "{1,2}", "back\\slash", "\\d", "a|b", "?", "+",
    "it's", '"quoted"', "'; DROP TABLE chat_message; --", "%s", "%(0)s", "{0}",
    '{"$where": "true"}', "{'$ne': null}", "$where", "{'body': 'x'}", "null", "NULL", "true",
    "ünïcode", "\u2028", "🌡️", "line\nline", "tab\there", "ﬁ", "İ", " ",
]  # fmt: skip
CASELESS = ["plain", "a.b", "100%", "under_score", "end$", "(group)", "back\\slash"]
"""Of ASCII: of other letters some engines don't know the case."""


@pytest.fixture
def bodies(store):
    store.insert([row(AB, seq, body=body) for seq, body in enumerate(BODIES, start=1)])


def found(**lookup: Any) -> list[str]:
    return list(Message.objects.filter(**lookup).order_by("seq").values_list("body", flat=True))


def test_it_comes_back_as_it_was(store, bodies):
    assert [message.body for message in store.after(AB, 0, 100)] == BODIES


def test_each_is_found_by_itself_alone(bodies):
    for body in BODIES:
        assert found(body=body) == [body]
        assert found(body__in=[body, "absent"]) == [body]


LOOKUPS = {"contains": str.__contains__, "startswith": str.startswith, "endswith": str.endswith}


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_its_signs_match_nothing_else(engine, bodies, lookup):
    """SQLite's LIKE knows no case, so there only letters may differ."""
    fold = str.lower if engine.connection.vendor == "sqlite" else str
    for body in BODIES:
        expected = [other for other in BODIES if LOOKUPS[lookup](fold(other), fold(body))]
        assert found(**{f"body__{lookup}": body}) == expected, body


@pytest.mark.parametrize("lookup", [*LOOKUPS, "exact"])
def test_without_case_its_signs_match_nothing_else(bodies, lookup):
    matches = LOOKUPS.get(lookup, str.__eq__)
    for body in CASELESS:
        expected = [other for other in BODIES if matches(other.lower(), body)]
        assert found(**{f"body__i{lookup}": body.upper()}) == expected, body


def test_it_is_text_also_in_negations(bodies):
    for body in ("a.b", "[a-z]", "{'$ne': null}"):
        others = [other for other in BODIES if other != body]
        assert sorted(found_by(~Q(body=body))) == sorted(others)
        assert sorted(found_by(~Q(body__in=[body]))) == sorted(others)
        assert body not in found_by(~Q(body__contains=body))


def found_by(condition: Q) -> list[str]:
    return list(Message.objects.filter(condition).values_list("body", flat=True))


def test_a_nul_is_looked_for_and_not_found(engine, bodies):
    """PostgreSQL's text has none, and SQLite's LIKE ends at it."""
    if engine.is_mongo:
        assert found(body__contains="\0") == []
        assert found(body__iexact="plain\0") == []
    assert found(conversation="$where", body="plain") == []
