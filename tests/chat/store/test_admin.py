"""The admin's pages of messages, on each engine."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Account, Conversation, Inspection, Membership, Message
from tests.chat.store.rows import AB, AC, row

CHANGELIST = "admin:chat_message_changelist"
SHOWN = re.compile(r'class="field-seq[^"]*">(\d+)<')
HOSTILE = [
    "dm:.*", "^dm", "dm:alice:bob$", "%", "_", "dm:alice:bo_", "\\", "'", '"', "' OR 1=1 --",
    '{"$ne": ""}', "{'$where': 'true'}", "$where", "[a-z]+", "(dm|x)", "*",
]  # fmt: skip


class Visit:
    """`visit("/path/", q="…")`: the page, as text; `visit.post("/path/", reason="…")`."""

    def __init__(self, admin: Account) -> None:
        self._client = Client()
        self._client.force_login(admin, "django.contrib.auth.backends.ModelBackend")

    def __call__(self, path: str, **query: str) -> str:
        return self._page(self._client.get(path, query))

    def post(self, path: str, **form: str) -> str:
        return self._page(self._client.post(path, form, follow=True))

    def _page(self, response) -> str:
        assert response.status_code == 200, response
        return html.unescape(response.content.decode())


@pytest.fixture
def visit(engine, monkeypatch):
    """An administrator's browser."""
    for module in ("chat.admin.messages.page", "chat.amending", "chat.receipts", "chat.joining"):
        monkeypatch.setattr(f"{module}.store", engine.store)
    return Visit(Account.objects.create_superuser("root", "secret"))


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


# ---- what it asks in its own way --------------------------------------------------------------


@pytest.fixture
def places(engine):
    """Alice has received all of what is between her and Bob, and he the first 58."""
    for name, received in (("alice", 60), ("bob", 58)):
        account = Account.objects.create(name=name)
        conversation, _ = Conversation.objects.get_or_create(
            id=AB, defaults={"kind": "dm", "last_seq": 60}
        )
        Membership.objects.create(account=account, conversation=conversation, received_seq=received)


def test_filters(visit, messages, places):
    listed = reverse(CHANGELIST)
    assert seqs(visit(listed, state="waiting")) == [59]
    assert len(seqs(visit(listed, place="dm:"))) == 50
    assert seqs(visit(listed, place="room:")) == seqs(visit(listed, kind__exact="alert")) == []
    assert len(seqs(visit(listed, **{"from": "person"}))) == 50
    assert seqs(visit(listed, **{"from": "bot"})) == []
    assert seqs(visit(listed, q="bob", state="waiting")) == []


def test_periods(visit, messages):
    """By the ids, which are of the beginning of 1970 here."""
    listed = reverse(CHANGELIST)
    assert "?when=1970" in visit(listed)
    assert "?when=1970-01-01" in visit(listed, when="1970-01")
    assert len(seqs(visit(listed, when="1970-01-01"))) == 50
    assert seqs(visit(listed, when="1970-01-02")) == seqs(visit(listed, when="2026")) == []


def test_words_are_read_by_a_click_which_is_noted(visit, messages):
    page = visit.post(reverse("admin:chat_message_read", args=[messages[4].id]))
    assert re.findall(r"body \d+", page) == [f"body {n}" for n in range(1, 16)]
    (look,) = Inspection.objects.filter(what="read")
    assert (look.by_id, look.conversation, look.message) == ("root", AB, messages[4].id)


def test_a_message_is_deleted_with_a_reason(visit, messages, places, monkeypatch):
    monkeypatch.setattr("chat.running.call", lambda *_: None)  # nobody is connected
    address = reverse("admin:chat_message_delete", args=[messages[4].id])
    assert "Say why" in visit.post(address)
    visit.post(address, reason="asked for")
    row = Message.objects.get(pk=messages[4].id)
    assert (row.kind, row.body, row.seq, row.sender) == ("deleted", "", 5, "alice")
    assert [look.reason for look in Inspection.objects.filter(what="deleted")] == ["asked for"]


def test_the_dashboard_counts(visit, messages, places, monkeypatch):
    monkeypatch.setattr("chatproject.operations.dashboard.health._states", lambda: iter(()))
    monkeypatch.setattr("chatproject.operations.tallies.today", lambda: date(1970, 1, 1))
    page = visit("/admin/")
    assert "61 messages in 30 days, 61 of them today" in page
    assert "<strong>1</strong> stored for 1 person who was not there" in page


def test_people_are_told_who_looked(visit, messages, places):
    visit.post(reverse("admin:chat_message_read", args=[messages[4].id]), reason="she asked")
    page = Visit(Account.objects.get(pk="alice"))("/account/")
    assert "<strong>root</strong> read messages in your conversation with bob" in page
    assert "“she asked”" in page
