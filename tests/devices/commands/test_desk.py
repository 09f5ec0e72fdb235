"""Commands over real sockets: what is answered, where, and what else happens."""

import html
import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest

from chat import handlers
from chat.models import Account
from chat.protocol import Message, format_time, parse_time
from devices.models import Device
from tests.chat.conftest import CLUSTER
from tests.client import Client
from tests.devices.commands.talking import add_device, answer, ask, meet, reading, token_of
from tests.http import Answer, request
from tests.installation import Installation, Person

CSRF = "c" * 32
OFFERED = re.compile(r'href="(\?[^"]+)"')


def dm_of(person: Person, device: str) -> str:
    return ":".join(["dm", *sorted([person.name, device])])


async def history(ws: Client, conversation: str) -> list[dict]:
    page = await ws.request("history", conversation=conversation, limit=100)
    return page["messages"]


async def test_every_command_is_answered_in_the_direct_conversation(server, alice):
    device = add_device(server, simulated=True)
    beginnings = {
        f"{device}: subscribe": "You are subscribed to Kitchen. It reports every 100 s, from",
        "SUBSCRIBE ": "You are subscribed since ",
        "now": "The",
        "/status": "The",
        "range": "",
        "alert above 300": "You will be told when Kitchen goes above 300 °C.",
        "alerts": "You are told when Kitchen goes above 300 °C.",
        "snooze 2h": "Alerts are held back until ",
        "snooze off": "Alerts come again.",
        "alert off": "You are no longer told when Kitchen goes above 300 °C.",
        "reboot": "Kitchen was restarted. It reports every 100 s from now on.",
        "help": "Kitchen knows these commands:\nsubscribe: ",
        "subscrbe": "There is no command “subscrbe”. Did you mean “subscribe”?\nsubscribe: ",
        "unsubscribe\n": "You are no longer subscribed to Kitchen.",
        "unsubscribe": "You are not subscribed to Kitchen.",
        "good morning": "There is no command “good morning”. The commands are:\nsubscribe: ",
    }
    async with server.connect(alice) as ws, server.connect(alice) as other:
        await meet(ws, device)
        for text, beginning in beginnings.items():
            said = await ask(ws, device, text)
            assert said.startswith(beginning), (text, said)
            assert await answer(other, device) == said
        told = await history(ws, dm_of(alice, device))
    assert [m["sender"] for m in told] == [alice.name, device] * len(beginnings)
    assert {m["kind"] for m in told} == {"text"}


async def test_what_was_answered_counts_as_read_by_the_device(server, alice):
    device = add_device(server)
    async with server.connect(alice) as ws:
        await meet(ws, device)
        sent = await ws.send_text(device, "help")
        await ws.expect("read", user=device, seq=sent["seq"])


async def report(server: Installation, device: str, token: str, value: float) -> None:
    path, body = f"/api/v1/devices/{device}/readings", json.dumps({"value": value})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    response = await request(server, "POST", path, body, headers)
    assert response.status < 300, response.body


async def test_a_subscriber_is_shown_the_feed_and_gets_readings_until_leaving(server, alice, bob):
    device = add_device(server)
    feed, token = f"device:{device}", token_of(server, device)
    async with server.connect(alice) as ws, server.connect(bob) as his:
        await meet(ws, device)
        await report(server, device, token, 20.5)
        said = await ask(ws, device, "subscribe")
        assert "The last reading is 20.5 °C" in said
        shown = (await ws.expect("conversation", conversation={"id": feed}))["conversation"]
        assert (shown["first_seq"], shown["last_seq"], shown["unread"]) == (2, 1, 0)
        await report(server, device, token, 21.5)
        assert (await reading(ws, device))["body"] == "21.5 °C"
        await ask(ws, device, "unsubscribe")
        await ws.expect("left", conversation=feed)
        await report(server, device, token, 22.5)
        assert (await ws.refused("history", conversation=feed))["code"] == "not_found"
        await ws.nothing("message", message={"conversation": feed})
        await his.nothing_about(feed)


async def test_reboot_is_told_to_the_subscribers(server, alice, bob):
    device = add_device(server, simulated=True)
    server.database.call(lambda: Account.objects.filter(pk=alice.name).update(title="Alice"))
    async with server.connect(alice) as ws, server.connect(bob) as his:
        await meet(ws, device)
        await meet(his, device)
        await ask(his, device, "subscribe")
        await ask(ws, device, "reboot")
        notice = (await his.expect("message", message={"kind": "notice"}))["message"]
        assert notice["conversation"] == f"device:{device}"
        assert notice["body"] == "Kitchen was restarted by Alice."
        assert notice["data"] == {"event": "rebooted"}
        await ws.nothing("message", message={"kind": "notice"})


@pytest.mark.embedded("whose beat it is makes no difference: test_thermometer.py")
async def test_a_reboot_begins_the_interval_anew(server, alice):
    device = add_device(server, simulated=True, interval=3.0)
    async with server.connect(alice) as ws:
        await meet(ws, device)
        await ask(ws, device, "subscribe")
        await reading(ws, device)
        await ask(ws, device, "reboot")
        found = server.database.call(lambda: Device.objects.get(pk=device).epoch)
        epoch = parse_time(format_time(found))  # to the millisecond
        while (at := await measured_at(ws, device)) < epoch:
            pass  # of before
    slots, rest = divmod(at - epoch, timedelta(seconds=3.0))
    assert slots >= 1, "it was made too early"  # a busy machine misses some
    assert not rest


async def measured_at(ws: Client, device: str) -> datetime:
    """The time of the next reading that comes here."""
    return parse_time((await reading(ws, device))["data"]["at"])


async def test_many_commands_are_answered_once_each_in_their_order(server, alice):
    device = add_device(server)
    texts = [f"alert above {number}" for number in range(30)]
    async with server.connect(alice) as ws, server.connect(alice) as other:
        await meet(ws, device)
        await meet(other, device)
        await ws.send_texts(device, texts)
        for number in range(30):
            assert await answer(other, device) == (
                f"You will be told when Kitchen goes above {number} °C."
            )
        told = await history(ws, dm_of(alice, device))
    assert len(told) == 60


@pytest.mark.embedded("what is answered is the same everywhere")
async def test_one_that_is_switched_off_says_so(server, alice):
    device = add_device(server)
    async with server.connect(alice) as ws:
        await meet(ws, device)
        server.database.call(lambda: Device.objects.filter(pk=device).update(enabled=False))
        assert await ask(ws, device, "subscribe") == "Kitchen is switched off."


async def as_admin(
    server: Installation, method: str, path: str, form: dict[str, str] | None = None
) -> Answer:
    """What an administrator's browser is answered."""
    root = server.person("root", is_staff=True, is_superuser=True)
    headers = {
        "Cookie": f"sessionid={server.session(root)}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"csrfmiddlewaretoken": CSRF, **form}) if form else ""
    return await request(server, method, f"/admin/devices/{path}", body, headers)


async def hide(server: Installation, device: str) -> None:
    """Have an administrator show the device to nobody."""
    form = {"kind": "sensor", "interval": "100", "enabled": "on"}
    response = await as_admin(server, "POST", f"device/{device}/change/", form)
    assert response.status == 302, response.body


async def test_who_may_no_longer_see_it_is_taken_out_and_not_answered(server, charlie):
    device = add_device(server)
    async with server.connect(charlie) as ws:
        await meet(ws, device)
        await ask(ws, device, "subscribe")
        await ws.expect("conversation", conversation={"id": f"device:{device}"})
        await hide(server, device)
        await ws.expect("left", conversation=f"device:{device}")
        reply = await ws.request("send", to=device, body="subscribe")
        if reply["type"] == "ack":  # within the second until its process knows
            await ws.expect("read", user=device, seq=reply["message"]["seq"])
        else:
            assert reply["code"] == "not_found"
        await ws.nothing("message", message={"sender": device})
        await ws.nothing("conversation", conversation={"id": f"device:{device}"})


@pytest.mark.embedded("no process is asked")
def test_nobody_but_people_who_are_there_is_answered(server, alice):
    device, gone, suspended = add_device(server), server.person("gone"), server.person("bad")

    def asks(sender: str, kind: str = "text") -> bool:
        question = Message("id", "dm:a:b", 1, sender, kind, "help", None, "")
        return handlers.asking(question) is not None

    def check() -> None:
        Account.objects.filter(pk=gone.name).update(deleted_at="2026-11-22T00:00Z")
        Account.objects.filter(pk=suspended.name).update(is_active=False)
        assert asks(alice.name)
        assert not asks(alice.name, "deleted")
        assert not any(asks(name) for name in (device, gone.name, suspended.name, "nobody"))

    server.database.call(check)


async def test_the_admin_shows_readings_and_subscribers(server, topology, alice):
    """On each topology, since the messages are on another engine there; on SQLite the links that
    it offers are followed in test_admin.py."""
    device = add_device(server)
    token = token_of(server, device)
    async with server.connect(alice) as ws:
        await meet(ws, device)
        await ask(ws, device, "subscribe")
    for value in (20.5, 21.5):
        await report(server, device, token, value)
    list_ = (await as_admin(server, "GET", f"feedmessage/?device={device}")).body
    assert list_.index("21.5 °C") < list_.index("20.5 °C")
    offered = OFFERED.findall(html.unescape(list_))
    for link in offered if topology == CLUSTER else ():
        assert (await as_admin(server, "GET", f"feedmessage/{link}")).status == 200, link
    assert "20.5 °C" not in (await as_admin(server, "GET", "feedmessage/?device=nobody")).body
    assert "21.5 °C" in (await as_admin(server, "GET", f"device/{device}/change/")).body
    assert alice.name in (await as_admin(server, "GET", f"subscription/?device={device}")).body
    assert "21.5" in (await as_admin(server, "GET", f"summary/?device={device}")).body
