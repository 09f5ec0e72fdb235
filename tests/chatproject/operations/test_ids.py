"""Ids of requests and connections: whose word is taken, and where they show."""

import pytest

from chatproject.operations.ids import connection_id, request_id, with_ids


async def seen(scope: dict) -> tuple[str, str, list]:
    """The ids inside the application, and the headers of its answer."""
    found, headers = [], []

    async def application(scope, receive, send):
        found.extend([request_id.get(), connection_id.get()])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})

    async def receive():
        raise AssertionError("nobody asked for the request's body")

    async def send(event):
        headers.extend(event["headers"])

    await with_ids(application)(scope, receive, send)
    return found[0], found[1], headers


def scope(kind: str = "http", peer: str = "192.0.2.9", given: bytes | None = None) -> dict:
    headers = [(b"x-request-id", given)] if given is not None else []
    return {"type": kind, "client": [peer, 4000], "headers": headers}


async def test_each_request_has_its_own_and_the_answer_tells_it():
    one, _, headers = await seen(scope())
    other, _, _ = await seen(scope())
    assert one and one != other
    assert headers == [(b"a", b"b"), (b"x-request-id", one.encode())]


async def test_that_of_a_trusted_proxy_is_taken(settings):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert (await seen(scope(given=b"req-1")))[0] == "req-1"


@pytest.mark.parametrize("peer", ["198.51.100.1", "unix", ""])
async def test_that_of_a_stranger_is_not(settings, peer):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    assert (await seen(scope(peer=peer, given=b"req-1")))[0] != "req-1"


@pytest.mark.parametrize("given", [b"", b"a b", b"a\nb", b'{"a":1}', b"\xff", b"a" * 129])
async def test_what_is_no_id_is_replaced(settings, given):
    settings.TRUSTED_PROXIES = ["192.0.2.0/24"]
    found = (await seen(scope(given=given)))[0]
    assert found.isalnum() and len(found) == 16


async def test_a_websocket_has_one_of_its_own():
    _, one, _ = await seen(scope("websocket"))
    _, other, _ = await seen(scope("websocket"))
    assert one and other and one != other
