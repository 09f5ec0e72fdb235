"""`manage.py device …`."""

import io
import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from chat.models import Account, Conversation, Token
from chat.models.token import digest_of
from devices.models import Device

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str]:
    """What it says on standard output and on standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("device", *arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue().strip(), err.getvalue().strip()


@pytest.fixture(autouse=True)
def thermometer1(db) -> None:
    """As after migration: a test of transactions, before, may have emptied all tables."""
    import_module("devices.migrations.0002_thermometer1").add(apps, None)


@pytest.fixture
def people(db) -> None:
    for name in ("alice", "bob", "charlie"):
        Account.objects.create_user(name)


def test_add_makes_the_account_and_the_feed_and_prints_the_token(people):
    token, said = run("add", "Balcony", "--unit", "°C", "--title", "Our balcony", "--mqtt",
                      "--kind", "thermometer", "--from", "-30", "--to", "60.5")  # fmt: skip
    assert said == "Added the device balcony."
    device = Device.objects.select_related("account").get(pk="balcony")
    assert device.token_digest == digest_of(token)
    assert (device.kind, device.unit, device.interval) == ("thermometer", "°C", 100.0)
    assert (device.lowest, device.highest) == (-30.0, 60.5)
    assert (device.simulated, device.mqtt, device.enabled) == (False, True, True)
    assert device.visible_to_all
    assert device.account.kind == Account.Kind.DEVICE
    assert device.account.shown_title == "Our balcony"
    assert not device.account.has_usable_password()
    assert Conversation.objects.get(pk="device:balcony").kind == Conversation.Kind.DEVICE
    assert not Token.objects.exists()


def test_a_simulated_device_gets_no_token(db):
    assert run("add", "sim", "--unit", "%", "--simulated", "--interval", "10")[0] == ""
    device = Device.objects.get(pk="sim")
    assert (device.simulated, device.interval, device.token_digest) == (True, 10, None)


def test_two_simulated_devices_differ(db):
    for name in ("sim1", "sim2"):
        run("add", name, "--unit", "%", "--simulated")
    one, other = Device.objects.filter(simulated=True, kind="sensor")
    assert one.seed != other.seed


def test_it_can_be_for_some_people_alone(people):
    run("add", "cellar", "--unit", "%", "--visible-to", "Alice, bob")
    device = Device.objects.get(pk="cellar")
    assert not device.visible_to_all
    assert {account.pk for account in device.visible_to.all()} == {"alice", "bob"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "bal cony", "--unit", "x"], "1 to 32 of the letters"),
        (["add", "thermometer1", "--unit", "x"], "reserved"),
        (["add", "alice", "--unit", "x"], "The name “alice” is taken."),
        (["add", "d"], "required: --unit"),
        (["add", "d", "--unit", ""], "The unit must be 1 to 16 characters."),
        (["add", "d", "--unit", "x" * 17], "The unit must be 1 to 16 characters."),
        (["add", "d", "--unit", "a\nb"], "The unit: This must be one line"),
        (["add", "d", "--unit", "x", "--kind", "x" * 33], "The kind must be 1 to 32 characters."),
        (["add", "d", "--unit", "x", "--title", "x" * 41], "The title must be at most 40"),
        (["add", "d", "--unit", "x", "--title", "system"], "is what the chat itself says"),
        (["add", "d", "--unit", "x", "--interval", "0.4"], "interval must be from 0.5 s"),
        (["add", "d", "--unit", "x", "--interval", "nan"], "interval must be from 0.5 s"),
        (["add", "d", "--unit", "x", "--interval", "inf"], "interval must be from 0.5 s"),
        (["add", "d", "--unit", "x", "--interval", "soon"], "invalid float value: 'soon'"),
        (["add", "d", "--unit", "x", "--from", "2", "--to", "2"], "upper bound must be greater"),
        (["add", "d", "--unit", "x", "--from", "nan"], "Bounds must be numbers"),
        (["add", "d", "--unit", "x", "--to", "1e10"], "Bounds must be numbers"),
        (["add", "d", "--unit", "x", "--mqtt", "--simulated"], "choose one"),
        (["add", "d", "--unit", "x", "--visible-to", "alice,eve"], "nobody called “eve”"),
        (["add", "d", "--unit", "x", "--visible-to", "thermometer1"], "nobody called"),
        (["token", "nope"], "There is no device “nope”"),
        (["token", "alice"], "There is no device “alice”"),
        (["token", "thermometer1"], "thermometer1 is simulated: it needs no token."),
        (["disable", "nope"], "There is no device “nope”"),
        (["remove", "thermometer1"], "invalid choice: 'remove'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(people, arguments, said):
    with pytest.raises(CommandError) as refused:
        run(*arguments)
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert set(Device.objects.values_list("pk", flat=True)) == {"thermometer1"}
    assert not Account.objects.filter(pk="d").exists()


def test_a_name_is_never_given_out_again(db):
    run("add", "d", "--unit", "x")
    run("disable", "d")
    with pytest.raises(CommandError, match="is taken"):
        run("add", "d", "--unit", "x")


def test_a_new_token_ends_the_old_one(db):
    old, _ = run("add", "d", "--unit", "x")
    new, said = run("token", "D")
    assert (new != old, said) == (True, "")
    assert Device.objects.get(pk="d").token_digest == digest_of(new)


def test_disable_and_enable(db):
    run("add", "d", "--unit", "x")
    assert "is switched off" in run("disable", "d")[1]
    assert not Device.objects.get(pk="d").enabled
    assert "is switched on" in run("enable", "d")[1]
    assert Device.objects.get(pk="d").enabled


def test_list_has_a_line_for_each(db):
    token, _ = run("add", "balcony", "--unit", "°C")
    run("add", "cellar", "--unit", "%", "--mqtt", "--interval", "600")
    run("disable", "cellar")
    seen = timezone.now() - timedelta(seconds=40)
    Device.objects.filter(pk="balcony").update(last_value=21.4, last_at=seen)
    listed, _ = run("list")
    lines = [" ".join(line.split()) for line in listed.splitlines()]
    assert [re.sub(r"[45]\d s ago", "40 s ago", line) for line in lines] == [
        "balcony sensor HTTP every 100 s fresh 21.4 °C, 40 s ago",
        "cellar sensor MQTT every 10 min disabled no reading yet",
        "thermometer1 thermometer simulated every 100 s new no reading yet",
    ]
    assert token not in listed
