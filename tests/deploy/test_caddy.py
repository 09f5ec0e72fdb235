"""Caddy before two web processes: who gets where, and what happens when one of them goes."""

import asyncio
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from websockets.asyncio.client import connect

from tests.client import Client
from tests.deploy.caddy import FILE, Caddy
from tests.deploy.composition import environment_of
from tests.deploy.nameserver import NameServer
from tests.deploy.programs import program, succeed
from tests.deploy.stack import ADDRESSES, Stack
from tests.server import Server
from tests.services.fixtures import running as while_running
from tests.services.ports import free_port
from tests.services.process import INTERVAL
from tests.waiting import until, until_awaited

METRICS = ("/metrics", "/metrics/", "/METRICS", "//metrics", "/%6detrics", "/./metrics",
           "/static/../metrics", "/metrics?name[]=chat_connections", "/metrics/x")  # fmt: skip
STOPS_WITHIN = 10.0
HAS_ONE_WITHIN = 60.0
HANGS_FOR = 10.0
"""Seconds that Caddy waits for an answer."""


class Answer:
    """Of one request, on a connection of its own."""

    def __init__(self, connection: HTTPConnection, method: str, path: str, **options: object):
        try:
            connection.request(method, path, **options)  # type: ignore[arg-type]
            response = connection.getresponse()
            self.status, self.headers = response.status, response.headers
            self.body = response.read().decode()
        finally:
            connection.close()


def get(stack: Stack, path: str, source: str = "127.0.0.1", **headers: str) -> Answer:
    """Through Caddy, by the client at `source`."""
    connection = HTTPConnection("127.0.0.1", stack.port, 30, source_address=(source, 0))
    return Answer(connection, "GET", path, headers=headers)


def metric(stack: Stack, address: str, name: str) -> float:
    """From the web process itself, as Prometheus would."""
    found = Answer(HTTPConnection(address, stack.web_port), "GET", "/metrics").body
    [line] = [line for line in found.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[1])


def connections(stack: Stack) -> list[float]:
    return [metric(stack, address, "chat_connections") for address in stack.names.addresses]


# ---- the way through --------------------------------------------------------------------------


async def test_people_on_two_processes_talk(stack: Stack) -> None:
    alice, bob = stack.person("alice"), stack.person("bob")
    async with stack.connect(alice) as alices, stack.connect(bob) as bobs:
        assert connections(stack) == [1, 1]
        await alices.send_text(bob.name, "hello")
        await bobs.expect("message", message={"body": "hello"})


async def test_the_client_is_who_connects_whatever_they_say(stack: Stack) -> None:
    alice = stack.person("alice", password="correct horse battery staple")
    form = await asyncio.to_thread(get, stack, "/join/")
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    connection = HTTPConnection("127.0.0.1", stack.port, 30, source_address=("127.0.0.5", 0))
    body = f"name={alice.name}&password=wrong&csrfmiddlewaretoken={cookie.partition('=')[2]}"
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": "198.51.100.7",
    }
    await asyncio.to_thread(Answer, connection, "POST", "/join/", body=body, headers=headers)
    tried = stack.database.call(lambda: list(AccessAttempt.objects.values_list("ip_address")))
    assert tried == [("127.0.0.5",)]


async def test_nobody_outside_sees_the_figures(stack: Stack) -> None:
    await until(lambda: connections(stack) == [0, 0])
    for path in METRICS:
        answer = get(stack, path)
        assert answer.status in (301, 404), path
        assert "HELP" not in answer.body
    assert get(stack, "/healthz").status == 200
    await until(lambda: get(stack, "/readyz").status == 200)


# ---- when something goes or comes -------------------------------------------------------------


async def test_when_one_process_goes_the_other_serves_and_a_new_one_gets_its_share(
    stack: Stack,
) -> None:
    alice, bob = stack.person("alice"), stack.person("bob")
    await asyncio.to_thread(stack.webs[1].kill)
    statuses = {(await asyncio.to_thread(get, stack, "/join/")).status for _ in range(20)}
    assert statuses == {200}
    for _ in range(3):
        async with stack.connect(alice) as client:
            await client.send_text(alice.name, "a note")
    stack.names.addresses = [ADDRESSES[0]]
    async with stack.connect(alice):
        await asyncio.to_thread(stack.restore)

        async def has_two() -> bool:
            async with stack.connect(bob):
                return connections(stack) == [1, 1]

        await until_awaited(has_two)


async def test_one_that_hangs_is_passed_over(stack: Stack) -> None:
    stack.webs[0].freeze()
    try:
        first = {(await asyncio.to_thread(get, stack, "/join/")).status for _ in range(2)}
        begun = time.monotonic()
        then = {(await asyncio.to_thread(get, stack, "/join/")).status for _ in range(10)}
        assert first | then == {200}
        assert time.monotonic() - begun < 2 * HANGS_FOR  # else each second one would wait so long
    finally:
        stack.webs[0].thaw()


async def test_connections_outlive_a_new_configuration(stack: Stack) -> None:
    alice = stack.person("alice")
    async with stack.connect(alice) as client:
        await asyncio.to_thread(stack.caddy.reload)
        await client.send_text(alice.name, "still here")


async def test_caddy_stops_in_time_with_people_on_it(stack: Stack) -> None:
    async with stack.connect(stack.person("alice")):
        begun = time.monotonic()
        await asyncio.to_thread(stack.caddy.stop)
        assert time.monotonic() - begun < STOPS_WITHIN


async def test_where_nobody_serves_it_says_so_and_its_log_has_no_secret(stack: Stack) -> None:
    for web in stack.webs:
        await asyncio.to_thread(web.kill)
    answer = await asyncio.to_thread(get, stack, "/join/")
    assert answer.status in (502, 503)
    assert answer.headers["Retry-After"] == "5"
    assert "try again" in answer.body
    stack.caddy.tell_errors()
    await asyncio.to_thread(get, stack, "/join/a-secret-code/", Cookie="sessionid=a-secret-key")
    await until(lambda: '"status":50' in stack.caddy.log)
    assert "a-secret" not in stack.caddy.log
    stack.caddy.stop()


# ---- HTTPS ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def secure(module_server: Callable[..., Server]) -> Iterator[tuple[Server, Caddy]]:
    """One process, and DOMAIN=localhost, for which Caddy is its own certificate authority."""
    [address, *_], port = ADDRESSES, str(free_port())
    serve = ("serve", "--host", address, "--port", port)
    here = module_server(serve, HTTPS="on", TRUSTED_PROXIES="127.0.0.1")
    names = NameServer([address])
    caddy = Caddy(names.address, here.port, domain="localhost")
    for _ in while_running(caddy):
        await_certificate(caddy)
        yield here, caddy
    names.close()


def await_certificate(caddy: Caddy) -> None:
    """It listens before it has one."""
    end = time.monotonic() + HAS_ONE_WITHIN
    while True:
        try:
            with closing(secure_connection(caddy)) as connection:
                return connection.connect()
        except OSError:
            assert time.monotonic() < end, caddy.log
            time.sleep(INTERVAL)


def secure_connection(caddy: Caddy) -> HTTPSConnection:
    return HTTPSConnection("localhost", caddy.https_port, context=trusting(caddy))


def trusting(caddy: Caddy) -> ssl.SSLContext:
    root = caddy.folder / ".local/share/caddy/pki/authorities/local/root.crt"
    return ssl.create_default_context(cafile=str(root))


async def test_https_goes_all_the_way(secure: tuple[Server, Caddy]) -> None:
    here, caddy = secure
    connection = secure_connection(caddy)
    answer = await asyncio.to_thread(Answer, connection, "GET", "/join/")
    assert answer.status == 200
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "Secure" in answer.headers["Set-Cookie"]
    headers = {"Authorization": f"Bearer {here.person('alice').token}"}
    url = f"wss://localhost:{caddy.https_port}/ws/chat/"
    async with connect(url, ssl=trusting(caddy), additional_headers=headers, proxy=None) as socket:
        await Client(socket).expect("hello")


async def test_who_comes_by_http_is_led_to_https(secure: tuple[Server, Caddy]) -> None:
    plain = HTTPConnection("localhost", secure[1].port)
    answer = await asyncio.to_thread(Answer, plain, "GET", "/join/")
    assert answer.status == HTTPStatus.PERMANENT_REDIRECT
    assert answer.headers["Location"] == "https://localhost/join/"


# ---- the file itself --------------------------------------------------------------------------


@pytest.mark.parametrize("domain", ["", "chat.example.org", "a.example.org, b.example.org"])
def test_caddy_takes_the_file(tmp_path: Path, domain: str) -> None:
    told = {
        name: environment_of("caddy", DOMAIN=domain)[name] for name in ("SITE", "OUTER_PROXIES")
    }
    validate = [program("caddy"), "adapt", "--validate", "--adapter", "caddyfile"]
    succeed([*validate, "--config", str(FILE)], HOME=str(tmp_path), **told)


def test_it_is_formatted() -> None:
    assert succeed([program("caddy"), "fmt", str(FILE)]) == FILE.read_text()
