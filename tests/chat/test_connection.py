"""Who may connect: the handshake, the cookie and its Origin, the bearer token."""

import asyncio

import pytest
from websockets.exceptions import InvalidStatus

IN_ONE_PLACE = pytest.mark.embedded("it is judged by the process that it comes to")


async def refusal(server, **options) -> int:
    """The HTTP status that a refused handshake is answered with."""
    with pytest.raises(InvalidStatus) as refused:
        async with server.connect(hello=False, **options):
            pass
    return refused.value.response.status_code


async def assert_turned_away(server, **options) -> None:
    """Accepted, told `unauthenticated`, closed with 4401: no other frame."""
    async with server.connect(hello=False, **options) as ws:
        frames = await ws.everything()
        assert [(frame["type"], frame["code"]) for frame in frames] == [
            ("error", "unauthenticated")
        ]
        assert frames[0]["detail"]
        assert ws.socket.close_code == 4401


async def test_a_token_needs_no_origin(server, alice):
    async with server.connect(alice) as ws:
        assert ws.hello["user"] == alice.name


async def test_a_token_may_come_with_our_own_origin(server, alice):
    async with server.connect(alice, origin=server.origin) as ws:
        assert ws.hello["user"] == alice.name


FOREIGN = pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://{host}",
        "http://127.0.0.1:1",
        "http://127.0.0.1.evil.example:{port}",
        "http://localhost:{port}",
        "null",
    ],
)
MALFORMED = pytest.mark.parametrize("origin", ["", "http://{host}.evil"])


@IN_ONE_PLACE
@FOREIGN
@pytest.mark.parametrize("credential", ["token", "session"])
async def test_a_foreign_origin_is_refused(server, alice, credential, origin):
    foreign = origin.format(host=server.host, port=server.port)
    assert await refusal(server, origin=foreign, **proof(server, alice, credential)) == 403


@IN_ONE_PLACE
@MALFORMED
@pytest.mark.parametrize("credential", ["token", "session"])
async def test_an_origin_that_is_none_is_refused(server, alice, credential, origin):
    """By daphne itself, as a bad request."""
    malformed = origin.format(host=server.host)
    status = await refusal(server, origin=malformed, **proof(server, alice, credential))
    assert status in (400, 403)


def proof(server, person, credential: str) -> dict[str, str]:
    return {credential: person.token if credential == "token" else server.session(person)}


async def test_a_session_with_our_origin_is_let_in(server, alice):
    session = server.session(alice)
    async with server.connect(session=session, origin=server.origin) as ws:
        assert ws.hello["user"] == alice.name


async def test_a_session_without_an_origin_is_refused(server, alice):
    assert await refusal(server, session=server.session(alice)) == 403


@IN_ONE_PLACE
async def test_localhost_is_an_origin_of_its_own(server, alice):
    host = f"localhost:{server.port}"
    session = server.session(alice)
    async with server.connect(session=session, origin=f"http://{host}", called=host) as ws:
        assert ws.hello["user"] == alice.name


@pytest.mark.embedded("a setting, which each process reads alike")
async def test_an_origin_that_the_settings_trust_is_ours(own_server):
    """Behind a proxy that speaks TLS the server sees plain HTTP, the browser does not."""
    ours = "https://chat.example.org"
    server = own_server(CSRF_TRUSTED_ORIGINS=ours, ALLOWED_HOSTS="chat.example.org,127.0.0.1")
    alice = server.person("alice")
    session = server.session(alice)
    called = "chat.example.org"
    async with server.connect(session=session, origin=ours, called=called) as ws:
        assert ws.hello["user"] == alice.name
    options = {"session": session, "called": called}
    assert await refusal(server, origin="https://evil.example.org", **options) == 403


@IN_ONE_PLACE
async def test_an_unknown_host_is_refused(server, alice):
    for origin in ("http://evil.example", None):
        status = await refusal(server, token=alice.token, origin=origin, called="evil.example")
        assert status in (400, 403)


async def test_nobody_is_told_so_and_closed(server):
    await assert_turned_away(server)


async def test_an_unknown_token_is_turned_away(server):
    await assert_turned_away(server, token="not-a-token")


async def test_an_unknown_session_is_turned_away(server):
    await assert_turned_away(server, session="notasession", origin=server.origin)


async def test_a_token_makes_the_cookie_ignored(server, alice, bob):
    session = server.session(bob)
    async with server.connect(alice, session=session) as ws:
        assert ws.hello["user"] == alice.name
    await assert_turned_away(server, token="not-a-token", session=session, origin=server.origin)


async def test_a_suspended_account_is_turned_away(server):
    suspended = server.person("suspended", is_active=False)
    await assert_turned_away(server, token=suspended.token)


@IN_ONE_PLACE
async def test_what_is_sent_before_the_hello_is_answered(server, alice):
    """A program need not wait for `hello` before it speaks."""
    async with server.connect(alice, hello=False) as ws:
        await ws.send("ping", id="early")
        assert (await ws.expect())["type"] == "hello"
        await ws.expect("pong", id="early")


async def test_the_socket_may_be_opened_and_closed_in_one_breath(server, alice):
    async with asyncio.TaskGroup() as group:
        for _ in range(10):
            group.create_task(open_and_close(server, alice))
    async with server.connect(alice) as ws:
        await ws.barrier()


async def open_and_close(server, person) -> None:
    async with server.connect(person, hello=False):
        pass


@IN_ONE_PLACE
@pytest.mark.parametrize("path", ["/ws/", "/ws/chat", "/ws/chat/more/"])
async def test_there_is_no_socket_elsewhere(server, alice, path):
    assert await refusal(server, token=alice.token, path=path) in (403, 404)
