"""Who looked at private messages is noted, for good, and people are told."""

import pytest

from chat.models import Account, Inspection, Membership
from tests.chat.accounts.pages import text
from tests.chat.admin.conftest import NOON, browser_of, say, staff, talk

pytestmark = pytest.mark.django_db(databases=["default", "messages"])
LIST, AUDIT = "/admin/chat/message/", "/admin/chat/inspection/"


@pytest.fixture
def message(db):
    talk("dm:alice:bob", "alice", "bob", "charlie").memberships.filter(account="charlie").delete()
    return say("dm:alice:bob", 1, "alice")


def noted() -> list[tuple[str, str, str, str]]:
    rows = Inspection.objects.order_by("pk")
    return list(rows.values_list("by", "what", "conversation", "reason"))


def account_page(name: str) -> str:
    account = Account.objects.get(pk=name)
    page = text(browser_of(account).get("/account/"))
    return page.partition("Who looked at your conversations")[2]


def test_a_list_is_noted_for_each_private_conversation_in_it(boss, message):
    talk("room:plans", "alice", kind="room", private=True)
    talk("room:garden", "alice", kind="room")
    talk("device:kettle", "alice", kind="device")
    for conversation in ("room:plans", "room:garden", "device:kettle"):
        say(conversation, 1, "alice")
    boss.get(LIST)
    assert noted() == [
        ("boss", "listed", "dm:alice:bob", ""),
        ("boss", "listed", "room:plans", ""),
    ]


def test_a_list_is_noted_by_what_is_on_its_page(boss, message):
    say("dm:alice:bob", 2, "bob")
    boss.get(LIST, {"q": "nobody"})
    assert noted() == []
    boss.get(LIST, {"q": "bob"})
    boss.get(LIST, {"q": "bob"})
    assert len(noted()) == 2, "each time"


def test_reading_is_noted_with_its_reason(boss, message):
    boss.get(f"{LIST}{message.pk}/change/")
    assert noted() == [("boss", "listed", "dm:alice:bob", "")]
    boss.post(f"{LIST}{message.pk}/read/", {"reason": "she asked me to"})
    assert noted()[1:] == [("boss", "read", "dm:alice:bob", "she asked me to")]
    assert {look.message for look in Inspection.objects.all()} == {message.pk}


@pytest.mark.parametrize("page", ["delete", "history"])
def test_each_page_of_a_message_is_noted(boss, message, page):
    assert boss.get(f"{LIST}{message.pk}/{page}/").status_code == 200
    assert noted() == [("boss", "listed", "dm:alice:bob", "")]


def test_a_reason_that_is_too_long_shows_nothing(boss, message):
    page = boss.post(f"{LIST}{message.pk}/read/", {"reason": "x" * 201}, follow=True)
    assert "at most 200 characters" in text(page)
    assert message.body not in text(page)
    assert "read" not in [what for _, what, *_ in noted()]


def test_what_everybody_can_read_is_not_noted(boss):
    talk("room:garden", "alice", kind="room")
    said = say("room:garden", 1, "alice")
    assert said.body in text(boss.post(f"{LIST}{said.pk}/read/"))
    assert noted() == []


def test_it_is_noted_of_whoever_looks(message):
    reader = browser_of(staff("reader", "view_message"))
    reader.post(f"{LIST}{message.pk}/read/")
    assert noted() == [("reader", "read", "dm:alice:bob", "")]
    assert "dm:alice:bob" in text(reader.get(AUDIT)), "who may look may see who did"


def test_nobody_adds_changes_or_deletes_what_is_noted(boss, message):
    boss.get(LIST)
    row = Inspection.objects.get()
    assert boss.get(f"{AUDIT}add/").status_code == 403
    assert boss.post(f"{AUDIT}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.post(f"{AUDIT}{row.pk}/change/", {"reason": "other"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    boss.post(AUDIT, chosen)
    assert noted() == [("boss", "listed", "dm:alice:bob", "")]


def test_who_may_look_at_nothing_does_not_see_the_audit(message):
    assert browser_of(staff("clerk", "view_account")).get(AUDIT).status_code == 403


# ---- what people are told ---------------------------------------------------------------------


def test_people_are_shown_who_looked_at_theirs_and_nobody_elses(boss, message):
    boss.post(f"{LIST}{message.pk}/read/", {"reason": "she asked me to"})
    boss.post(f"{LIST}{message.pk}/read/", {"reason": "she asked me to"})
    assert "boss read messages in your conversation with bob, 2 times" in account_page("alice")
    assert "“she asked me to”" in account_page("bob")
    assert "Nobody has." in account_page("charlie")


def test_who_came_later_is_not_shown_what_was_before(boss):
    room = talk("room:plans", "alice", "bob", kind="room", private=True)
    boss.post(f"{LIST}{say(room.pk, 1, 'alice').pk}/read/")
    Inspection.objects.update(at=NOON)
    Membership.objects.filter(account="bob").update(joined_at="2026-11-21T00:00Z")
    assert "boss read messages in the room #plans" in account_page("alice")
    assert "Nobody has." in account_page("bob")


def test_who_has_left_is_told_of_what_they_had_said(boss):
    room = talk("room:plans", "alice", "bob", "charlie", kind="room", private=True)
    said = say(room.pk, 1, "alice")
    Membership.objects.exclude(account="bob").delete()
    boss.get(LIST)
    assert "Nobody has." in account_page("alice")
    boss.post(f"{LIST}{said.pk}/read/", {"reason": "it was reported"})
    assert "boss read messages in the room #plans" in account_page("alice")
    assert "Nobody has." in account_page("charlie")
