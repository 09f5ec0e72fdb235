"""The admin's pages of messages, on each engine."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Account
from tests.chat.store.rows import AB, AC, row

CHANGELIST = "admin:chat_message_changelist"
SHOWN = re.compile(r'class="field-seq[^"]*">(\d+)<')
HOSTILE = [
    "dm:.*", "^dm", "dm:alice:bob$", "%", "_", "dm:alice:bo_", "\\", "'", '"', "' OR 1=1 --",
    '{"$ne": ""}', "{'$where': 'true'}", "$where", "[a-z]+", "(dm|x)", "*",
]  # fmt: skip


@pytest.fixture
def visit(engine):
    """`visit("/path/", q="…")`: the page, as text, that an administrator sees."""
    admin = Account.objects.create_superuser("root", "secret")
    client = Client()
    client.force_login(admin, "django.contrib.auth.backends.ModelBackend")

    def visit(path: str, **query: str) -> str:
        response = client.get(path, query)
        assert response.status_code == 200, (path, query)
        return html.unescape(response.content.decode())

    return visit


@pytest.fixture
def messages(store):
    rows = [row(AB, seq, "alice" if seq % 2 else "bob") for seq in range(1, 61)]
    store.insert([*rows, row(AC, 61, body="between them alone")])
    return rows


def seqs(page: str) -> list[int]:
    return [int(seq) for seq in SHOWN.findall(page)]


def test_the_list_and_its_pages(visit, messages):
    first, second = visit(reverse(CHANGELIST)), visit(reverse(CHANGELIST), p="2")
    assert len(seqs(first)) == 50
    assert sorted(seqs(first) + seqs(second)) == list(range(1, 62))
    assert "61 messages" in first
    assert "between them alone" not in first + second


def test_sorted_by_time(visit, messages):
    """By time alone: the others have no index, and there may be millions."""
    newest, oldest = (seqs(visit(reverse(CHANGELIST), o=order)) for order in ("-0", "0"))
    assert newest == list(range(61, 11, -1))
    assert oldest == list(range(1, 51))


def test_one_message(visit, messages):
    page = visit(reverse("admin:chat_message_change", args=[messages[4].id]))
    assert messages[4].id in page
    assert messages[4].body not in page


def test_search_is_for_the_whole_text_in_any_case(visit, messages):
    assert seqs(visit(reverse(CHANGELIST), q=AC)) == [61]
    assert seqs(visit(reverse(CHANGELIST), q="DM:Alice:CHARLIE")) == [61]
    assert len(seqs(visit(reverse(CHANGELIST), q="bob"))) == 30
    assert seqs(visit(reverse(CHANGELIST), q="dm:alice")) == []


def test_hostile_search_finds_nothing(visit, messages):
    for text in HOSTILE:
        assert seqs(visit(reverse(CHANGELIST), q=text)) == [], text
