"""Incoming webhooks: who governs a room makes them, and who has the URL posts."""

import json
from urllib.parse import urlencode

import pytest

from chat.models import Account
from tests.chat.api.calling import V1, call, refused
from tests.chat.rooming import made
from tests.client import new_id
from tests.http import request


async def hook(server, who, room, **fields):
    name = f"ci-{new_id()[:8]}"
    return await call(server, who, "POST", f"/rooms/{room}/hooks", {"name": name, **fields})


async def say(server, url, body, kind="application/json", **headers):
    path = url.removeprefix(server.origin)
    assert path.startswith(f"{V1}/hooks/")
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await request(server, "POST", path, text, {"Content-Type": kind, **named})


async def test_what_comes_to_its_url_is_said_in_the_room_in_its_own_name(server, alice, bob):
    async with server.connect(alice) as hers, server.connect(bob) as his:
        room = await made(hers, bob)
        await his.expect("conversation", conversation={"id": room})
        new = await hook(server, alice, room, title="Builds")
        answer = await say(server, new["url"], {"text": "It is green.", "channel": "#x"})
        assert answer.status == 201
        message = (await his.expect("message", message={"body": "It is green."}))["message"]
        assert message == json.loads(answer.body)
        assert (message["sender"], message["conversation"]) == (new["name"], room)
        members = (await hers.request("members", room=room))["members"]
        assert ("Builds", "bot") in [(each["title"], each["kind"]) for each in members]
    assert server.log.count(new["url"].rpartition("/")[2]) == 0


async def test_it_takes_slacks_form_and_plain_text_and_one_key_once(server, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
        url = (await hook(server, alice, room))["url"]
        payload = urlencode({"payload": json.dumps({"text": "a form"})})
        assert (await say(server, url, payload, "application/x-www-form-urlencoded")).status == 201
        assert (await say(server, url, "plain", "text/plain; charset=utf-8")).status == 201
        first = await say(server, url, {"text": "once"}, Idempotency_Key="k1")
        again = await say(server, url, {"text": "once"}, Idempotency_Key="k1")
        assert (first.status, again.status, first.body) == (201, 200, again.body)
        page = await call(server, alice, "GET", f"/conversations/{room}/messages")
        said = [each["body"] for each in page["messages"] if each["kind"] == "text"]
        assert said == ["a form", "plain", "once"]


async def test_a_revoked_one_is_not_found_and_its_account_has_left(server, alice, bob):
    async with server.connect(alice) as hers:
        room = await made(hers, bob)
        new = await hook(server, alice, room)
        path = f"/rooms/{room}/hooks"
        assert [each["name"] for each in (await call(server, alice, "GET", path))["hooks"]] == [
            new["name"]
        ]
        assert "url" not in json.dumps(await call(server, alice, "GET", path))
        for method, where, body in (
            ("GET", path, None),
            ("POST", path, {"name": "x"}),
            ("DELETE", f"{path}/{new['name']}", None),
        ):
            assert await refused(server, bob, method, where, body) == (403, "forbidden")
        await call(server, alice, "DELETE", f"{path}/{new['name']}")
        assert (await say(server, new["url"], {"text": "x"})).status == 404
        members = (await hers.request("members", room=room))["members"]
        assert new["name"] not in [each["name"] for each in members]


async def test_one_that_was_removed_from_its_room_says_nothing(server, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
        new = await hook(server, alice, room)
        await hers.request("remove", room=room, user=new["name"])
        assert (await say(server, new["url"], {"text": "x"})).status == 404


@pytest.mark.embedded("one process refuses it")
async def test_what_it_refuses(server, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
        url = (await hook(server, alice, room))["url"]
        for body, kind, status in (
            ({"text": " "}, "application/json", 400),
            ({"text": 7}, "application/json", 400),
            ({}, "application/json", 400),
            ("x" * 70_000, "text/plain", 400),
            ("x", "image/png", 400),
            ("{", "application/json", 400),
        ):
            assert (await say(server, url, body, kind)).status == status, (body, kind)
        assert (await say(server, url, {"text": "x"}, Idempotency_Key="a b")).status == 400
        assert (await say(server, url + "x", {"text": "x"})).status == 404
        await hers.request("close", room=room)
        assert (await say(server, url, {"text": "x"})).status == 403


@pytest.mark.embedded("one process counts exactly; how several do so is tested elsewhere")
async def test_a_person_makes_twenty_a_day_whatever_they_revoke(server, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
    new = [await hook(server, alice, room) for _ in range(20)]
    await call(server, alice, "DELETE", f"/rooms/{room}/hooks/{new[0]['name']}")
    more = {"name": f"ci-{new_id()[:8]}"}
    path = f"/rooms/{room}/hooks"
    assert await refused(server, alice, "POST", path, more) == (429, "rate_limited")
    assert not server.database.call(Account.objects.filter(pk=more["name"]).exists)
