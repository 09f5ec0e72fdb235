"""Charlie, at every operation: nothing of what Alice and Bob say, and nothing of their room."""

import json
from typing import Any

import pytest

from chatproject.api import api
from tests.chat.api.calling import ask, call, sent
from tests.chat.rooming import made
from tests.client import new_id
from tests.server import dm

NOT_FOUND = (404, "not_found")
SECRET = "between us"
CLOSED: list[tuple[str, str, Any]] = [
    ("POST", "/messages", {"id": "x", "to": "{dm}", "body": "x"}),
    ("POST", "/messages", {"id": "x", "to": "{room}", "body": "x"}),
    ("PUT", "/messages/{message}", {"body": "x"}),
    ("DELETE", "/messages/{message}", None),
    ("GET", "/conversations/{dm}/messages", None),
    ("GET", "/conversations/{room}/messages", None),
    ("POST", "/conversations/{dm}/received", {"seq": 1}),
    ("POST", "/conversations/{room}/read", {"seq": 1}),
    ("POST", "/sync", {"since": {"{dm}": 0}}),
    ("POST", "/sync", {"since": {}, "changes": {"{room}": 0}}),
    ("GET", "/search?conversation={dm}&query=between", None),
    ("POST", "/rooms/{room}/join", None),
    ("POST", "/rooms/{room}/leave", None),
    ("GET", "/rooms/{room}/members", None),
    ("POST", "/rooms/{room}/members", {"user": "x"}),
    ("PUT", "/rooms/{room}/members/{alice}", {"role": "member"}),
    ("DELETE", "/rooms/{room}/members/{alice}", None),
    ("PUT", "/rooms/{room}/title", {"title": "x"}),
    ("PUT", "/rooms/{room}/closed", {"closed": True}),
    ("PUT", "/rooms/{room}/muted", {"muted": True}),
    ("GET", "/rooms/{room}/hooks", None),
    ("POST", "/rooms/{room}/hooks", {"name": "x"}),
    ("DELETE", "/rooms/{room}/hooks/ci", None),
    ("GET", "/devices/{device}/readings", None),
    ("GET", "/bots/nobody", None),
    ("DELETE", "/tokens/1", None),
]
"""What is not found, exactly as if it did not exist."""
OPEN: list[tuple[str, str, Any]] = [
    ("GET", "/conversations", None),
    ("GET", "/stored", None),
    ("GET", "/search?query=between", None),
    ("GET", "/rooms", None),
    ("GET", "/devices", None),
    ("GET", "/tokens", None),
    ("POST", "/sync", {"since": {}}),
]
"""What shows each their own."""
ELSEWHERE = {
    "/accounts": "anybody's",
    "/events": "test_events.py",
    "/hooks/{token}": "test_hooks.py",
    "/people": "who is online is told to all",
}
NOWHERE = {
    "dm": "dm:a:b",
    "room": "room:nowhere",
    "message": "01900000-0000-7000-8000-000000000000",
}


def put(value, places):
    """`value` with the names of `places` in it."""
    text = json.dumps(value)
    for name, place in places.items():
        text = text.replace(f"{{{name}}}", place)
    return json.loads(text)


async def asked(server, who, method, path, body, places):
    path, _, query = put(path, places).partition("?")
    pairs = dict(part.split("=") for part in query.split("&")) if query else {}
    return await ask(server, who, method, path, put(body, places), **pairs)


async def finds_nothing(server, who, method, path, body, there):
    """The answer is that to what does not exist, word by word."""
    missing = await asked(server, who, method, path, body, {**there, **NOWHERE})
    found = await asked(server, who, method, path, body, there)
    told, other = json.loads(found.body), json.loads(missing.body)
    assert (found.status, told["code"]) == NOT_FOUND, (method, path, told)
    for place in NOWHERE:
        told["detail"] = told["detail"].replace(there[place], place)
        other["detail"] = other["detail"].replace(NOWHERE[place], place)
    assert told == other


@pytest.mark.embedded("the same is asked of the same database")
async def test_an_outsider_finds_nothing(server, alice, bob, charlie):
    message = await sent(server, alice, bob.name, SECRET, new_id())
    async with server.connect(alice) as hers:
        room = await made(hers, bob, private=True)
        in_room = await sent(server, alice, room, SECRET, new_id())
    there = {"dm": dm(alice, bob), "room": room, "message": message["id"], "alice": alice.name,
             "device": "nothing1"}  # fmt: skip
    for method, path, body in CLOSED:
        await finds_nothing(server, charlie, method, path, body, there)
    for method, path, body in CLOSED[2:4]:
        await finds_nothing(server, charlie, method, path, body, there | {"message": in_room["id"]})
    for method, path, body in OPEN:
        answer = await asked(server, charlie, method, path, body, {})
        assert answer.status == 200
        assert SECRET not in answer.body
        assert room not in answer.body
    assert (await call(server, bob, "GET", f"/conversations/{room}/messages"))["messages"]


def test_every_operation_is_asked():
    known = {(method, path.split("?")[0]) for method, path, _ in CLOSED + OPEN}
    known |= {("POST", "/rooms"), ("POST", "/tokens"), ("POST", "/devices/{name}/readings")}
    shape = {path: "/".join("{}" if part[:1] == "{" else part for part in path.split("/"))
             for _, path in known}  # fmt: skip
    asked_for = {(method, shape[path]) for method, path in known}
    asked_for |= {
        ("DELETE", "/rooms/{}/hooks/{}"),
        ("GET", "/bots/{}"),
        ("DELETE", "/tokens/{}"),
        ("POST", "/conversations/{}/received"),
        ("POST", "/conversations/{}/read"),
    }
    for path, operations in api.get_openapi_schema()["paths"].items():
        path = path.removeprefix("/api/v1")
        blank = "/".join("{}" if part[:1] == "{" else part for part in path.split("/"))
        for method in operations:
            assert path in ELSEWHERE or (method.upper(), blank) in asked_for, (method, path)
