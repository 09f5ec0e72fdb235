"""/healthz, /readyz and /metrics of real servers: what they say, when, and to whom."""

import json
import math
import re
import time

import pytest
import redis

from devices.models import Device
from tests.http import request
from tests.server import Server
from tests.waiting import until_awaited

WHOLE_ANSWER = 15.0
"""Seconds, on a busy machine; a check takes 2 at most."""
OUTSIDE = {"X-Forwarded-For": "203.0.113.7"}
INSIDE = {"X-Forwarded-For": "192.0.2.7"}


async def ready(server: Server) -> tuple[int, dict]:
    answer = await request(server, "GET", "/readyz")
    return answer.status, json.loads(answer.body)


async def is_ready(server: Server) -> bool:
    return (await ready(server))[0] == 200


async def figures(server: Server) -> dict[str, float]:
    """Each series of /metrics, by its name with its labels."""
    answer = await request(server, "GET", "/metrics")
    assert answer.status == 200
    lines = re.findall(r"^([a-z]\S*) (\S+)$", answer.body, re.M)
    return {name: float(value) for name, value in lines}


@pytest.fixture(scope="module")
def proxied(module_server):
    """With a name, a proxy, and a network from which it is watched."""
    return module_server(
        ALLOWED_HOSTS="chat.example.org",
        METRICS_ALLOWED="192.0.2.0/24",
        TRUSTED_PROXIES="127.0.0.1",
    )


@pytest.fixture(scope="module")
def embedded(module_server):
    """One whose figures no other tests change, nor the thermometer's readings."""
    server = module_server()
    server.database.call(lambda: Device.objects.update(enabled=False))
    return server


@pytest.fixture(scope="module")
def over_redis(module_server, valkey):
    return module_server(REDIS_URL=valkey.database(900))


# ---- alive and ready ---------------------------------------------------------------------------


async def test_a_probe_comes_by_address_whatever_the_chat_is_called(proxied):
    server = proxied
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = await request(server, "GET", path, headers=INSIDE)
        assert (path, answer.status) == (path, 200)
        assert (await request(server, "HEAD", path, headers=INSIDE)).status == 200
        assert (await request(server, "POST", path, headers=INSIDE)).status == 405
    assert (await request(server, "GET", "/join/")).status == 400


async def test_a_probe_sets_no_cookie_and_is_never_cached(server):
    answer = await request(server, "GET", "/healthz")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


async def test_both_stores_are_told(server):
    status, told = await ready(server)
    assert (status, told["ready"]) == (200, True)
    assert {name: check["state"] for name, check in told["checks"].items()} == {
        "default": "up", "messages": "up", "server": "up",
    }  # fmt: skip


@pytest.mark.parametrize("alias", ["default", "messages"])
async def test_a_store_that_is_broken_and_mended(embedded, alias):
    server = embedded
    file = server.database.file(alias)
    aside = file.with_suffix(".aside")
    file.rename(aside)
    file.write_text("this is no database, and long enough to be seen as none at once" * 10)
    await until_awaited(lambda: not_ready(server, alias))
    assert (await request(server, "GET", "/healthz")).status == 200
    aside.rename(file)
    await until_awaited(lambda: is_ready(server))


async def not_ready(server: Server, *down: str) -> bool:
    """Whether exactly these are down; the answer comes in time, and names only kinds of errors."""
    began = time.monotonic()
    status, told = await ready(server)
    assert time.monotonic() - began < WHOLE_ANSWER
    found = [name for name, check in told["checks"].items() if check["state"] == "down"]
    assert (status, told["ready"]) == ((503, False) if found else (200, True))
    assert all(re.fullmatch(r"\w+|no answer", told["checks"][name]["error"]) for name in found)
    return found == list(down)


async def test_postgresql_frozen_killed_and_back(own_server, postgres, migrated_postgres):
    url = postgres.new_database(migrated_postgres)
    server = own_server(DATABASE_URL=url)
    await until_awaited(lambda: is_ready(server))
    postgres.freeze()
    try:
        await until_awaited(lambda: not_ready(server, "default", "messages"))
        assert (await request(server, "GET", "/healthz")).status == 200
    finally:
        postgres.thaw()
    await until_awaited(lambda: is_ready(server))
    postgres.kill()
    try:
        await until_awaited(lambda: not_ready(server, "default", "messages"))
    finally:
        postgres.start()
    await until_awaited(lambda: is_ready(server), within=30)


@pytest.mark.parametrize("engine", ["djongo", "django_mongodb_backend"])
async def test_mongodb_killed_and_back(own_server, secantus, engine):
    server = own_server(MONGO_URL=secantus.new_database(), MONGO_ENGINE=engine)
    await until_awaited(lambda: is_ready(server))
    secantus.kill()
    try:
        await until_awaited(lambda: not_ready(server, "messages"))
    finally:
        secantus.start()
    await until_awaited(lambda: is_ready(server))


async def test_redis_killed_and_back(over_redis, valkey):
    server = over_redis
    await until_awaited(lambda: is_ready(server))
    assert (await ready(server))[1]["checks"]["broker"]["state"] == "up"
    async with server.connect(server.person("alice")):
        assert (await figures(server))["chat_backplane_connected"] == 1
        valkey.kill()
        try:
            await until_awaited(lambda: not_ready(server, "broker"))
            assert (await figures(server))["chat_backplane_connected"] == 0
        finally:
            valkey.start()
        await until_awaited(lambda: is_ready(server))


# ---- who may see it ----------------------------------------------------------------------------


async def test_a_stranger_behind_a_proxy_sees_no_figures_and_no_names(server):
    """Also where nobody told us that there is a proxy, and it seems to be the one who asks."""
    assert (await request(server, "GET", "/metrics", headers=OUTSIDE)).status == 404
    answer = await request(server, "GET", "/readyz", headers=OUTSIDE)
    assert (answer.status, json.loads(answer.body)) == (200, {"ready": True})
    assert (await request(server, "GET", "/healthz", headers=OUTSIDE)).status == 200


async def test_who_may_see_it_can_be_set(proxied):
    assert (await request(proxied, "GET", "/metrics", headers=INSIDE)).status == 200
    assert (await request(proxied, "GET", "/metrics")).status == 404
    assert (await request(proxied, "GET", "/metrics", headers=OUTSIDE)).status == 404


# ---- figures -----------------------------------------------------------------------------------


async def test_figures_follow_what_happens(embedded):
    server = embedded
    alice, bob = server.person("alice"), server.person("bob")
    before = await figures(server)

    def more(now: dict[str, float], name: str) -> float:
        return now[name] - before[name]

    async with server.connect(alice) as a, server.connect(bob) as b:
        for _ in range(3):
            await a.send_text(bob.name, "hello")
        await b.expect("message")
        now = await figures(server)
        assert now["chat_connections"] == now["chat_accounts_online"] == 2
        assert more(now, "chat_connections_opened_total") == 2
        assert more(now, "chat_messages_stored_total") == 3
        assert more(now, "chat_batch_messages_sum") == 3
        commit = more(now, "chat_commit_seconds_sum")
        assert 0 < commit < more(now, "chat_delivery_lag_seconds_sum") < 10
        await a.send("send", id="lost", to="nobody-of-that-name", body="hello")
        await a.expect("error")
        refused = {'chat_messages_refused_total{code="not_found"}': 1.0}
        assert refused.items() <= (await figures(server)).items()
    await until_awaited(lambda: both_gone(server))
    assert (await figures(server))["process_resident_memory_bytes"] > 0


async def both_gone(server: Server) -> bool:
    found = await figures(server)
    closed = found.get('chat_connections_closed_total{code="1000"}')
    return (found["chat_connections"], closed) == (0, 2)


async def test_tasks_that_wait_for_a_worker_are_counted(over_redis, valkey):
    server = over_redis
    with redis.Redis.from_url(valkey.database(900)) as broker:
        broker.delete("chat")
        broker.rpush("chat", "one task", "another")
        assert (await figures(server))['chat_tasks_waiting{queue="chat"}'] == 2
        broker.delete("chat")
    assert (await figures(server))['chat_tasks_waiting{queue="chat"}'] == 0


async def test_without_redis_the_other_figures_are_there(own_server):
    server = own_server(REDIS_URL="redis://127.0.0.1:1/0")
    found = await figures(server)
    assert math.isnan(found['chat_tasks_waiting{queue="chat"}'])
    assert found["chat_connections"] == 0
