"""The first page of the admin: what runs, for whoever may see it. (That it says so of a real server
is tested in test_governing.py, on each engine in tests/chat/store/test_admin.py.)"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bots.budgets import today
from bots.models import Answer, Bot
from chat.models import Account, Membership
from chat.receipts import Waiting, waiting
from chatproject.models import Claim
from chatproject.operations.dashboard import health
from devices.ids import THERMOMETER
from devices.models import Device
from tests.chat.accounts.pages import text
from tests.chat.admin.conftest import browser_of, say, staff, talk

pytestmark = pytest.mark.django_db(databases=["default", "messages"])
PANEL = re.compile(r'id="panel-(\w+)"')
INLINE = re.compile(r"<style| style=|<script>| on\w+=")


@pytest.fixture(autouse=True)
def stores(monkeypatch):
    """They are asked by the event loop of a server."""
    monkeypatch.setattr(health, "_states", lambda: iter(()))


def dashboard(browser) -> str:
    response = browser.get("/admin/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_staff_see_what_they_have_a_right_to(boss):
    every = ["messages", "people", "health", "waiting", "devices", "bots"]
    assert PANEL.findall(dashboard(boss)) == every
    assert PANEL.findall(dashboard(browser_of(staff("clerk", "view_account")))) == [
        "people", "health",
    ]  # fmt: skip
    keeper = staff("keeper", "view_device", "view_answer")
    assert PANEL.findall(dashboard(browser_of(keeper))) == ["health", "devices", "bots"]


def test_what_waits_is_what_others_sent(db):
    """Who has not received their own words waits for nothing."""
    talk("dm:alice:bob", "alice", "bob")
    for seq, sender in enumerate(("alice", "bob", "alice"), 1):
        say("dm:alice:bob", seq, sender)
    assert sorted(waiting(9)) == [
        Waiting("alice", "dm:alice:bob", 0, 1),
        Waiting("bob", "dm:alice:bob", 0, 2),
    ]
    Membership.objects.filter(account="bob").update(received_seq=1)
    Membership.objects.filter(account="alice").update(received_seq=2)
    assert waiting(9) == [Waiting("bob", "dm:alice:bob", 1, 1)]


def test_nobody_waits_who_is_gone(db):
    talk("dm:alice:bob", "alice", "bob")
    say("dm:alice:bob", 1, "alice")
    Account.objects.filter(pk="bob").update(deleted_at=timezone.now())
    assert waiting(9) == []


def test_devices_and_their_states(boss):
    Device.objects.filter(pk=THERMOMETER).update(
        last_at=timezone.now() - timedelta(days=1), last_value=21.5
    )
    assert "overdue: 21.5 °C, 1 d ago" in text(boss.get("/admin/"))


def test_use_of_bots_is_summed_up_by_day(boss):
    for number, (asked, answered) in enumerate(((1200, 300), (100, 7))):
        Answer.objects.create(
            question=f"q{number}", person=Account.objects.get(pk="boss"), persona="happy",
            bot=Bot.objects.get(pk="openai"), model="m", day=today(), prompt_tokens=asked,
            answer_tokens=answered, outcome="answered",
        )  # fmt: skip
    shown = text(boss.get("/admin/"))
    assert "1,607 tokens today, in 2 answers" in shown
    assert "which cost" not in shown, "no price is known"
    Bot.objects.filter(pk="openai").update(prompt_price=Decimal("2.5"), answer_price=10)
    shown = text(boss.get("/admin/"))
    assert "1,607 tokens today, in 2 answers, which cost 0.0063" in shown


def test_periodic_work_that_stopped_is_seen(boss):
    assert "none was done yet" in dashboard(boss)
    old = Claim.objects.create(task="t", slot=1, claimed_at=timezone.now() - timedelta(hours=5))
    (fact,) = [fact for fact in health.look() if fact.title == "Periodic work"]
    assert (fact.says, fact.good) == ("last begun 5 h ago", False)
    Claim.objects.filter(pk=old.pk).update(claimed_at=timezone.now())
    (fact,) = [fact for fact in health.look() if fact.title == "Periodic work"]
    assert fact.good


def test_pages_keep_to_the_policy_of_no_inline_code(boss):
    """The Content-Security-Policy of all pages is the admin's, too."""
    message = say(talk("dm:alice:bob", "alice", "bob").pk, 1, "alice")
    chat = "/admin/chat/"
    paths = ["", "message/", f"message/{message.pk}/change/", f"message/{message.pk}/delete/",
             "inspection/", "room/", "membership/", "account/", "webhook/"]  # fmt: skip
    for path in paths:
        assert not INLINE.findall(boss.get(f"{chat}{path}").content.decode()), path
    assert not INLINE.findall(dashboard(boss))
