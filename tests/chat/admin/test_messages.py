"""The admin's messages: a list that shows no words and whose filters tell none, and one among
others, once somebody has asked for it."""

import re
from datetime import timedelta

import pytest

from chat.models import Account, Membership, Message
from tests.chat.accounts.pages import text
from tests.chat.admin.conftest import NOON, WORDS, browser_of, say, staff, talk

pytestmark = pytest.mark.django_db(databases=["default", "messages"])
LIST = "/admin/chat/message/"
STATE = re.compile(r'class="field-state[^"]*">(.*?)</td>')
SEQ = re.compile(r'class="field-seq[^"]*">(\d+)<')


@pytest.fixture
def ab(db):
    """Alice and Bob have said three things; he has received one, and she none."""
    talk("dm:alice:bob", "alice", "bob")
    said = [
        say("dm:alice:bob", seq, sender) for seq, sender in enumerate(("alice",) * 2 + ("bob",), 1)
    ]
    Membership.objects.filter(account="bob").update(received_seq=1)
    return said


def shown(boss, **query: str) -> str:
    response = boss.get(LIST, query)
    assert response.status_code == 200, (query, response)
    return response.content.decode()


def seqs(boss, **query: str) -> list[int]:
    return [int(seq) for seq in SEQ.findall(shown(boss, **query))]


# ---- the list ---------------------------------------------------------------------------------


def test_each_is_waiting_or_received_by_the_other_side_alone(boss, ab):
    states = [re.sub(r"<[^>]+>", "", state) for state in STATE.findall(shown(boss))]
    assert states == ["stored and waiting", "stored and waiting", "received"]


def test_a_rooms_is_received_by_so_many_of_the_others(boss):
    talk("room:garden", "alice", "bob", "charlie", kind="room")
    for seq in (1, 2):
        say("room:garden", seq, "alice")
    Membership.objects.filter(account="bob").update(received_seq=2)
    Membership.objects.filter(account__in=["alice", "charlie"]).update(received_seq=1)
    assert STATE.findall(shown(boss)) == [
        "received by 1 of 2 other members",
        "received by 2 of 2 other members",
    ]


def test_waiting_ones_are_those_of_the_other_side(boss, ab):
    assert seqs(boss, state="waiting") == [3, 2]
    Membership.objects.update(received_seq=3)
    assert seqs(boss, state="waiting") == []


def test_filters_by_conversation_kind_and_sender(boss, ab):
    Account.objects.create(name="kettle", kind="device")
    talk("device:kettle", "alice", kind="device")
    say("device:kettle", 9, "kettle", kind="reading")
    assert seqs(boss, place="device:") == seqs(boss, kind__exact="reading") == [9]
    assert seqs(boss, **{"from": "device"}) == [9]
    assert seqs(boss, **{"from": "person"}) == seqs(boss, place="dm:") == [3, 2, 1]
    assert seqs(boss, place="room:") == seqs(boss, **{"from": "bot"}) == []


def test_periods_lead_from_years_to_days(boss, ab):
    say("dm:alice:bob", 4, "bob", NOON - timedelta(days=400))
    say("dm:alice:bob", 5, "bob", NOON - timedelta(days=4))
    years = shown(boss)
    assert re.findall(r'<a href="\?when=(\d+)">\d+</a>', years) == ["2025", "2026"]
    assert "?when=2026-11" in shown(boss, when="2026")
    assert re.findall(r"\?when=2026-11-(\d+)", shown(boss, when="2026-11"))[:2] == ["01", "02"]
    assert seqs(boss, when="2026-11") == [3, 2, 1, 5]
    assert seqs(boss, when="2026-11-20", q="alice") == [2, 1]
    assert seqs(boss, when="2026-11-19") == []
    assert seqs(boss, when="2025") == [4]
    assert 'href="?when=2026-11"' in shown(boss, when="2026-11-20"), "the way back"


@pytest.mark.parametrize("when", ["20", "2026-13", "2026-11-31", "99999", "x", "2026-1-1", "9999"])
def test_what_is_no_period_is_refused(boss, ab, when):
    assert boss.get(LIST, {"when": when}, follow=True).status_code in (200, 400)


def test_search_is_for_names_as_they_are_stored(boss, ab):
    talk("room:garden", "alice", kind="room")
    say("room:garden", 7, "alice")
    assert seqs(boss, q="#Garden") == [7]
    assert seqs(boss, q="#garden bob") == []
    assert seqs(boss, q=ab[1].pk) == [2]
    assert seqs(boss, q="BOB") == [3]


@pytest.mark.parametrize(
    "query",
    [{"q": WORDS}, {"q": WORDS.split()[0]}, {"body__startswith": "w"}, {"body": WORDS},
     {"client_id": "c1"}, {"data__isnull": "1"}],
)  # fmt: skip
def test_words_can_not_be_guessed_at(boss, ab, query):
    response = boss.get(LIST, query)
    assert response.status_code in (200, 302, 400)
    assert not SEQ.findall(response.content.decode())


def test_more_than_can_be_leafed_through_is_said(boss, ab, monkeypatch):
    monkeypatch.setattr("chat.admin.messages.listing.MOST_COUNTED", 2)
    assert "choose a period or a filter" in shown(boss)


# ---- one message ------------------------------------------------------------------------------


def test_words_are_shown_after_a_click_alone(boss, ab):
    address = f"{LIST}{ab[1].pk}/"
    assert WORDS not in shown(boss) + boss.get(f"{address}change/").content.decode()
    assert boss.get(f"{address}read/").status_code == 405
    page = boss.post(f"{address}read/")
    assert text(page).count(WORDS) == 3
    assert "no-store" in page["Cache-Control"]


def test_it_is_shown_among_ten_before_and_ten_after(boss):
    talk("dm:alice:bob", "alice", "bob")
    said = [say("dm:alice:bob", seq, "alice", body=f"words {seq}.") for seq in range(1, 31)]
    page = text(boss.post(f"{LIST}{said[14].pk}/read/"))
    assert re.findall(r"words (\d+)\.", page) == [str(seq) for seq in range(5, 26)]


def test_words_are_shown_as_they_are(boss, ab):
    Message.objects.filter(pk=ab[0].pk).update(body="<script>alert(1)</script>")
    page = boss.post(f"{LIST}{ab[0].pk}/read/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_what_is_not_there_is_not_found(boss, ab):
    for path in ("read", "delete"):
        assert boss.post(f"{LIST}nothing/{path}/", {"reason": "why"}).status_code in (403, 404)


# ---- who may ----------------------------------------------------------------------------------


def test_it_takes_the_right_to_see_messages(ab):
    clerk = browser_of(staff("clerk", "view_account"))
    for path in ("", f"{ab[0].pk}/change/", f"{ab[0].pk}/delete/"):
        assert clerk.get(f"{LIST}{path}").status_code == 403
    assert clerk.post(f"{LIST}{ab[0].pk}/read/").status_code == 403


def test_who_may_see_may_not_delete(ab):
    reader = browser_of(staff("reader", "view_message"))
    assert text(reader.post(f"{LIST}{ab[0].pk}/read/")).count(WORDS) == 3
    response = reader.post(f"{LIST}{ab[0].pk}/delete/", {"reason": "why"})
    assert response.status_code == 403
    assert not Message.objects.filter(kind="deleted").exists()
