"""Who is let in over HTTP: by a token, or by a cookie from a page of this server."""

import json

import pytest

from chat.accounts import endings
from chat.models import Account
from tests.chat.api.calling import V1, ask, call, refused
from tests.chat.api.streaming import listening
from tests.http import request

pytestmark = pytest.mark.embedded("one process decides it")
JOIN = f"{V1}/rooms/lobby/join"


async def with_cookie(server, who, method, path, **headers):
    cookie = {"Cookie": f"sessionid={server.session(who)}", **headers}
    answer = await request(server, method, path, "", cookie)
    return answer.status


async def test_nobody_is_let_in_without_a_token_or_a_cookie(server, alice):
    assert await refused(server, None, "GET", "/conversations") == (401, "unauthenticated")
    wrong = type(alice)(alice.name, "wrong")
    assert await refused(server, wrong, "GET", "/conversations") == (401, "unauthenticated")


async def test_a_cookie_reads(server, alice):
    assert await with_cookie(server, alice, "GET", f"{V1}/conversations") == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "own"}, 200),
    ],
)
async def test_with_a_cookie_only_our_own_pages_change_anything(server, alice, headers, status):
    """A browser sends the cookie whatever page makes the request."""
    own = {name: server.origin if value == "own" else value for name, value in headers.items()}
    assert await with_cookie(server, alice, "POST", JOIN, **own) == status


async def test_with_a_token_the_cookie_is_ignored(server, alice, bob):
    both = {
        "Cookie": f"sessionid={server.session(alice)}",
        "Authorization": f"Bearer {bob.token}",
    }
    answer = await request(server, "POST", JOIN, "", both)
    assert answer.status == 200
    tokens = await request(server, "GET", f"{V1}/tokens", "", {**both, "Authorization": "Bearer x"})
    assert tokens.status == 401


async def test_a_suspended_account_is_not_let_in(server, alice):
    server.database.call(lambda: endings.suspend(Account.objects.get(pk=alice.name)))
    assert await refused(server, alice, "GET", "/stored") == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
    ],
)
async def test_with_a_cookie_only_our_own_pages_listen(server, alice, headers, status):
    named = {name.replace("-", "_"): value for name, value in headers.items()}
    cookie = f"sessionid={server.session(alice)}"
    async with listening(server, None, greeted=False, Cookie=cookie, **named) as stream:
        assert stream.status == status


async def test_a_stream_is_refused_as_everything_is(server, alice):
    assert await refused(server, None, "GET", "/events") == (401, "unauthenticated")
    assert await refused(server, alice, "POST", "/events") == (405, "invalid")
    for wrong in ("x", "A" * 40, "kwAAAA", "é"):
        path = f"{V1}/events"
        headers = {"Authorization": f"Bearer {alice.token}", "Last-Event-ID": wrong}
        answer = await request(server, "GET", path, "", headers)
        assert (answer.status, json.loads(answer.body)["code"]) == (400, "invalid")
    queries = {"last_event_id": "x"}, {"last_event_id": ["", ""]}, {"last_event": "x"}
    for query in queries:
        assert await refused(server, alice, "GET", "/events", **query) == (400, "invalid")


async def test_ones_tokens_are_listed_and_revoked(server):
    password = "a good pass phrase"
    dora = server.person("dora", password)
    body = {"username": dora.name, "password": password, "label": "kitchen display"}
    made = await call(server, None, "POST", "/tokens", body)
    kitchen = type(dora)(dora.name, made["token"])
    listed = (await call(server, kitchen, "GET", "/tokens"))["tokens"]
    assert {token["label"] for token in listed} == {"", "kitchen display"}
    assert made["token"] not in json.dumps(listed)
    (id_,) = [token["id"] for token in listed if token["label"]]
    assert await refused(server, server.person("eve"), "DELETE", f"/tokens/{id_}") == (
        404, "not_found",
    )  # fmt: skip
    assert (await ask(server, dora, "DELETE", f"/tokens/{id_}")).status == 204
    assert await refused(server, kitchen, "GET", "/tokens") == (401, "unauthenticated")


async def test_what_is_asked_is_answered_alike_at_wrong_addresses(server, alice):
    assert await refused(server, alice, "GET", "/rooms/a\0b/members") == (404, "not_found")
    assert await refused(server, alice, "PATCH", "/messages") == (405, "invalid")
