"""Devices in Django's admin: added, set up, looked at; by as many queries for many as for few."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import joining
from chat.models import Account, Conversation, Membership, Message
from chat.models.token import digest_of
from chatproject.databases import DEFAULT, MESSAGES
from devices import registration
from devices.course import Measured
from devices.models import Device, Threshold
from devices.summaries import add as sum_up

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

DEVICES = "/admin/devices/device/"
LISTS = [DEVICES, "/admin/devices/subscription/", "/admin/devices/feedmessage/",
         "/admin/devices/summary/", "/admin/devices/threshold/"]  # fmt: skip
NEW = {"name": "Balcony", "title": "Our balcony", "kind": "thermometer", "unit": "°C",
       "interval": "60", "lowest": "-30", "highest": "60", "visible_to_all": "on"}  # fmt: skip
TOKEN = re.compile(r"<code>([\w-]{43})</code>")


@pytest.fixture
def root(db) -> Client:
    browser = Client()
    account = Account.objects.create_superuser("root", "secret")
    browser.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def alice(db) -> Account:
    return Account.objects.create_user("alice")


@pytest.fixture
def bob(db) -> Account:
    return Account.objects.create_user("bob")


@pytest.fixture
def told(monkeypatch) -> list[tuple[str, str]]:
    """Who is told to have left what. That it reaches sockets is tested on a real server."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(joining, "tell_left", lambda *place: said.append(place))
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
    return said


def page(root: Client, path: str, **query: str) -> str:
    response = root.get(path, query)
    assert response.status_code == 200, (path, query)
    return html.unescape(response.content.decode())


def make(name: str, **fields) -> Device:
    device = Device(unit="°C", **fields)
    registration.add(device, name, name.title())
    return device


def fill(device: Device, count: int) -> None:
    """So many subscribers with an alert each, readings, and hours summed up."""
    now = timezone.now()
    for number in range(count):
        account = Account.objects.create_user(f"{device.name}-{number}")
        joining.join(account.name, device.feed)
        Threshold.objects.create(device=device, account=account, direction="above", value=30.0)
        at = now - timedelta(hours=number)
        sum_up(device, [Measured(number + 1, 20.0, at, at)])
        Message.objects.create(
            id=f"{device.name}-{number}", conversation=device.feed, seq=number + 1,
            sender=device.name, client_id=str(number), kind="reading", body=f"{number}.5 °C",
            sent_at=at,
        )  # fmt: skip


# ---- adding -----------------------------------------------------------------------------------


def test_adding_one_makes_its_account_and_feed_and_shows_its_token_once(root):
    shown = page_of(root.post(f"{DEVICES}add/", NEW))
    (token,) = TOKEN.findall(shown)
    device = Device.objects.select_related("account").get(pk="balcony")
    assert device.token_digest == digest_of(token)
    assert (device.unit, device.interval, device.lowest) == ("°C", 60.0, -30.0)
    assert device.account.kind == Account.Kind.DEVICE
    assert device.account.shown_title == "Our balcony"
    assert Conversation.objects.get(pk="device:balcony").kind == Conversation.Kind.DEVICE
    assert token not in page(root, DEVICES) + page(root, f"{DEVICES}balcony/change/")


def page_of(response) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_adding_a_simulated_one(root):
    response = root.post(f"{DEVICES}add/", {**NEW, "simulated": "on"})
    assert response.status_code == 302
    assert Device.objects.get(pk="balcony").token_digest is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "thermometer1"}, "is reserved"),
        ({"name": "root"}, "is taken"),
        ({"name": "bal cony"}, "1 to 32 of the letters"),
        ({"name": ""}, "This field is required."),
        ({"title": "system"}, "is what the chat itself says"),
        ({"unit": "x" * 17}, "at most 16 characters"),
        ({"interval": "0.1"}, "The interval must be from 0.5 s to 30 days"),
        ({"interval": "nan"}, "Enter a number."),
        ({"interval": "1e9"}, "The interval must be from 0.5 s to 30 days"),
        ({"lowest": "60"}, "The upper bound must be greater than the lower one."),
        ({"highest": "1e10"}, "Bounds must be numbers"),
        ({"simulated": "on", "mqtt": "on"}, "choose one"),
        ({"visible_to": "thermometer1"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(root, wrong, said):
    shown = page_of(root.post(f"{DEVICES}add/", {**NEW, **wrong}))
    errors = re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', shown, re.S)
    assert len(errors) == 1
    assert said in errors[0]
    assert set(Device.objects.values_list("pk", flat=True)) == {"thermometer1"}


# ---- changing ---------------------------------------------------------------------------------


def change(root: Client, device: str, **fields: str) -> None:
    form = {"kind": "sensor", "interval": "100", "enabled": "on", "visible_to_all": "on", **fields}
    response = root.post(f"{DEVICES}{device}/change/", {k: v for k, v in form.items() if v})
    assert response.status_code == 302, response.content.decode()


def test_what_readings_change_meanwhile_is_not_overwritten(root, monkeypatch):
    make("balcony")
    check = registration.check

    def read_meanwhile(device: Device) -> None:
        Device.objects.update(digested_seq=7, last_seq=7)
        check(device)

    monkeypatch.setattr(registration, "check", read_meanwhile)
    change(root, "balcony", kind="thermometer")
    device = Device.objects.get(pk="balcony")
    assert (device.kind, device.digested_seq, device.last_seq) == ("thermometer", 7, 7)


def test_another_interval_counts_slots_anew(root):
    long_ago = timezone.now() - timedelta(days=1)
    make("sim", simulated=True, epoch=long_ago, reported_slot=800)
    change(root, "sim", interval="100", kind="other")
    assert Device.objects.get(pk="sim").epoch == long_ago
    change(root, "sim", interval="600")
    device = Device.objects.get(pk="sim")
    assert device.epoch > long_ago
    assert device.reported_slot < 1


def test_the_unit_and_the_name_stay(root):
    make("balcony")
    change(root, "balcony", unit="°F", name="other", simulated="on")
    device = Device.objects.get(pk="balcony")
    assert (device.unit, device.simulated) == ("°C", False)


def test_the_thermometers_interval_is_a_setting(root):
    change(root, "thermometer1", interval="5")
    assert Device.objects.get(pk="thermometer1").interval != 5.0


def test_who_may_not_see_it_any_more_is_subscribed_no_longer(root, alice, bob, told):
    device = make("balcony")
    for account in (alice, bob):
        joining.join(account.name, device.feed)
    change(root, "balcony", visible_to_all="", visible_to="alice")
    left = Membership.objects.filter(conversation=device.feed)
    assert [membership.account_id for membership in left] == ["alice"]
    assert told == [("bob", device.feed)]


def test_nothing_ends_while_everybody_sees_it(root, alice, told):
    device = make("balcony")
    joining.join(alice.name, device.feed)
    change(root, "balcony", kind="other")
    assert Membership.objects.filter(conversation=device.feed).exists()
    assert told == []


def test_a_device_is_switched_off_not_deleted(root):
    make("balcony")
    assert root.post(f"{DEVICES}balcony/delete/", {"post": "yes"}).status_code == 403
    act(root, "disable", "balcony")
    assert not Device.objects.get(pk="balcony").enabled
    act(root, "enable", "balcony")
    assert Device.objects.get(pk="balcony").enabled


def act(root: Client, action: str, *names: str):
    return root.post(DEVICES, {"action": action, "_selected_action": names}, follow=True)


def test_a_new_token_is_shown_once_and_ends_the_old_one(root):
    old = registration.new_token(device := make("balcony"))
    response = act(root, "new_token", "balcony", "thermometer1")
    (token,) = TOKEN.findall(page_of(response))
    assert "no-store" in response["Cache-Control"]
    device.refresh_from_db()
    assert device.token_digest == digest_of(token) != digest_of(old)
    assert Device.objects.get(pk="thermometer1").token_digest is None


# ---- looking ----------------------------------------------------------------------------------


def test_it_is_for_admins_alone(alice):
    browser = Client()
    browser.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    for path in LISTS:
        assert browser.get(path).status_code == 302


def test_the_list_shows_how_each_is(root, alice):
    device = make("balcony")
    joining.join(alice.name, device.feed)
    seen = timezone.now() - timedelta(seconds=40)
    Device.objects.filter(pk="balcony").update(last_value=21.4, last_at=seen)
    make("cellar", enabled=False)
    shown = page(root, DEVICES)
    assert re.search(r"21\.4 °C, [45]\d s ago", shown)
    assert re.search(r'device=balcony">1</a>', shown)
    assert re.search(r'device=cellar">0</a>', shown)
    for state, names in {
        "fresh": ["balcony"], "disabled": ["cellar"], "new": ["thermometer1"], "overdue": [],
    }.items():  # fmt: skip
        assert listed(page(root, DEVICES, state=state)) == names
    Device.objects.filter(pk="balcony").update(last_at=seen - timedelta(minutes=3))
    assert listed(page(root, DEVICES, state="overdue")) == ["balcony"]


def listed(shown: str) -> list[str]:
    return re.findall(r'class="field-account[^"]*"><a [^>]*>([^<]+)</a>', shown)


def test_its_page_has_the_newest_readings(root):
    fill(make("balcony"), 12)
    shown = page(root, f"{DEVICES}balcony/change/")
    assert "UTC: 11.5 °C" in shown
    assert "UTC: 1.5 °C" not in shown
    assert "/admin/devices/feedmessage/?device=balcony" in shown


def test_readings_are_those_of_one_device_and_nothing_else(root):
    fill(make("aaa"), 2)
    fill(make("bbb"), 3)
    Message.objects.filter(id="bbb-2").update(kind="notice")
    Message.objects.create(
        id="secret", conversation="dm:alice:bob", seq=1, sender="alice", client_id="1",
        body="what two people write each other", kind="reading", sent_at=timezone.now(),
    )  # fmt: skip
    bodies = r'class="field-body">([^<]+)<'
    path = "/admin/devices/feedmessage/"
    assert re.findall(bodies, page(root, path, device="bbb")) == ["1.5 °C", "0.5 °C"]
    assert re.findall(bodies, page(root, path)) == ["1.5 °C", "0.5 °C"]  # of the first device
    assert "of aaa" not in page(root, path)
    for hostile in ("alice:bob", "x' OR 1=1 --", "../dm:alice:bob"):
        assert re.findall(bodies, page(root, path, device=hostile)) == []
    assert root.get("/admin/devices/feedmessage/secret/change/").status_code == 403


def test_subscribers_can_be_filtered_by_device(root, alice):
    fill(make("aaa"), 2)
    fill(make("bbb"), 1)
    Conversation.objects.create(id="dm:alice:root", kind="dm")
    Membership.objects.create(account=alice, conversation_id="dm:alice:root")
    path = "/admin/devices/subscription/"
    assert listed(page(root, path)) == ["aaa-0", "aaa-1", "bbb-0"]
    assert listed(page(root, path, device="bbb")) == ["bbb-0"]
    assert listed(page(root, path, q="aaa-1")) == ["aaa-1"]


@pytest.mark.parametrize("path", LISTS)
def test_every_filter_and_order_that_a_list_offers_works(root, path):
    fill(make("aaa"), 2)
    fill(make("bbb"), 1)
    offered = set(re.findall(r'href="(\?[^"]+)"', page(root, path)))
    assert {link for link in offered if root.get(path + link).status_code != 200} == set()
    assert len(offered) > 4


@pytest.mark.parametrize("path", LISTS[1:])
def test_what_is_only_seen_is_neither_added_nor_changed(root, path):
    fill(make("aaa"), 1)
    assert root.get(f"{path}add/").status_code == 403
    assert root.get(path).status_code == 200


@pytest.mark.parametrize("path", [*LISTS, f"{DEVICES}aaa/change/"])
def test_many_rows_take_as_many_queries_as_few(root, path):
    fill(device := make("aaa"), 1)
    device.visible_to.set(Account.objects.filter(name__startswith="aaa-"))
    few = queries(root, path)
    fill(make("bbb"), 12)
    fill(make("ccc", visible_to_all=False), 12)
    device.visible_to.set(Account.objects.filter(name__startswith="bbb-"))
    assert queries(root, path) == few


def queries(root: Client, path: str) -> int:
    with (
        CaptureQueriesContext(connections[DEFAULT]) as default,
        CaptureQueriesContext(connections[MESSAGES]) as messages,
    ):
        page(root, path)
    return len(default) + len(messages)
