"""Messages over HTTP: sent once, read, edited, deleted, found."""

import json
from urllib.parse import parse_qs

import pytest

from tests.chat.api.calling import ask, call, refused, sent
from tests.chat.rooming import made
from tests.client import new_id
from tests.server import dm
from tests.waiting import until_awaited


async def test_what_is_sent_reaches_the_other_side_and_is_stored_once(server, alice, bob):
    body = {"id": new_id(), "to": bob.name, "body": "hello"}
    async with server.connect(bob) as his, server.connect(alice) as hers:
        first = await ask(server, alice, "POST", "/messages", body)
        again = await ask(server, alice, "POST", "/messages", body | {"body": "hello"})
        assert (first.status, again.status) == (201, 200)
        message = json.loads(first.body)
        assert json.loads(again.body) == message
        assert message["body"] == "hello"
        assert message["seq"] == 1
        assert (await his.expect("message"))["message"] == message
        assert (await hers.expect("message"))["message"] == message


async def test_history_stored_and_sync_give_what_the_socket_gives(server, alice, bob):
    messages = [await sent(server, alice, bob.name, f"{n}", new_id()) for n in range(3)]
    there = f"/conversations/{dm(alice, bob)}/messages"
    assert await call(server, bob, "GET", there) == {"messages": messages, "more": False}
    last = await call(server, bob, "GET", there, limit=1)
    assert last == {"messages": messages[2:], "more": True}
    assert (await call(server, bob, "GET", there, before=3))["messages"] == messages[:2]
    waiting = await call(server, bob, "GET", "/stored", after=messages[0]["id"])
    assert waiting == {"messages": messages[1:], "more": False}
    newer = await call(server, bob, "POST", "/sync", {"since": {dm(alice, bob): 1}})
    assert newer == {"messages": messages[1:], "changes": {}, "more": []}


async def test_what_was_received_is_not_stored_any_more(server, alice, bob):
    for text in ("one", "two"):
        await sent(server, alice, bob.name, text, new_id())
    there = f"/conversations/{dm(alice, bob)}"
    async with server.connect(alice) as hers:
        await call(server, bob, "POST", f"{there}/received", {"seq": 1})
        assert (await hers.expect("received", user=bob.name))["seq"] == 1
        await call(server, bob, "POST", f"{there}/read", {"seq": 99})
        assert (await hers.expect("read", user=bob.name))["seq"] == 2

    async def nothing_waits():
        return (await call(server, bob, "GET", "/stored"))["messages"] == []

    await until_awaited(nothing_waits)


async def test_one_edits_and_deletes_ones_own(server, alice, bob):
    message = await sent(server, alice, bob.name, "helo", new_id())
    path = f"/messages/{message['id']}"
    async with server.connect(bob) as his:
        edited = await call(server, alice, "PUT", path, {"body": "hello"})
        assert edited["body"] == "hello"
        assert "edited_at" in edited
        assert (await his.expect("changed"))["message"] == edited
        assert await refused(server, bob, "DELETE", path) == (403, "forbidden")
        assert await refused(server, bob, "PUT", path, {"body": "x"}) == (403, "forbidden")
        left = await call(server, alice, "DELETE", path)
        assert (left["kind"], left["body"], left["seq"]) == ("deleted", "", 1)
    newer = await call(server, bob, "POST", "/sync", {"since": {}, "changes": {dm(alice, bob): 1}})
    assert newer["messages"] == [left]
    assert newer["changes"] == {dm(alice, bob): 2}


async def test_ones_messages_are_found_by_their_words(server, alice, bob):
    message = await sent(server, alice, bob.name, "the quetzal sings", new_id())

    found: list[dict] = []

    async def is_found() -> bool:
        """It is indexed a moment later; who asks too often meanwhile has to wait."""
        answer = await ask(server, bob, "GET", "/search", query="quetzal")
        assert answer.status in (200, 429), answer
        found[:] = json.loads(answer.body)["messages"] if answer.status == 200 else []
        return bool(found)

    await until_awaited(is_found)
    assert found == [message]


async def test_in_a_closed_room_nobody_writes_and_in_a_feed_its_device_alone(server, alice):
    async with server.connect(alice) as hers:
        room = await made(hers)
        assert (await sent(server, alice, room, "hello", new_id()))["conversation"] == room
        await call(server, alice, "PUT", f"/rooms/{room}/closed", {"closed": True})
        to_room = {"id": new_id(), "to": room, "body": "hello"}
        assert await refused(server, alice, "POST", "/messages", to_room) == (403, "forbidden")
        await sent(server, alice, "thermometer1", "subscribe", new_id())
        await hers.expect("conversation", conversation={"id": "device:thermometer1"})
        to_feed = {"id": new_id(), "to": "device:thermometer1", "body": "hello"}
        assert await refused(server, alice, "POST", "/messages", to_feed) == (403, "forbidden")


GOOD = {"id": "x", "to": "x", "body": "x"}


@pytest.mark.embedded("what is asked for is checked before anything is looked up")
@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        ("POST", "/messages", {"to": "x", "body": "x"}, "missing required field `id`"),
        ("POST", "/messages", GOOD | {"id": ""}, "“id” must be 1 to 64 characters"),
        ("POST", "/messages", GOOD | {"id": 7}, "$.id"),
        ("POST", "/messages", GOOD | {"body": " "}, "“body” must not be empty"),
        ("POST", "/messages", GOOD | {"to": "a\0b"}, "“to” must not contain NUL"),
        ("POST", "/messages", GOOD | {"type": "send"}, "unknown field `type`"),
        ("POST", "/messages", ["x"], "one JSON object"),
        ("POST", "/messages", None, "missing required field"),
        ("GET", "/conversations/dm:a:b/messages?limit=0", None, "“limit” must be from 1 to 100"),
        ("GET", "/conversations/dm:a:b/messages?limit=x", None, "$.limit"),
        ("GET", "/conversations/dm:a:b/messages?last=1", None, "unknown field `last`"),
        ("GET", "/rooms?limit=1&limit=2", None, "“limit” must be given once"),
        ("GET", "/stored?after=1", None, "“after” must be null or the id of a message"),
        ("POST", "/sync", {"since": {"dm:a:b": -1}}, "“since” must hold seqs from 0"),
        ("DELETE", "/messages/x", None, "“message” must be the id of a message"),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(server, alice, method, path, body, words):
    path, _, query = path.partition("?")
    answer = await ask(server, alice, method, path, body, **parse_qs(query))
    told = json.loads(answer.body)
    assert (answer.status, told["code"]) == (400, "invalid")
    assert words in told["detail"]
