"""A server's connections to PostgreSQL: bounded, none of a socket's, and new ones after a fall."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import psycopg
import pytest

from chat.models import Account, Token
from chatproject import engines
from tests.database import Database
from tests.http import request
from tests.installation import Person
from tests.waiting import until_awaited

SOCKETS, PAGES = 60, 8
"""More than there are connections; pages of either kind, which are refused where one waits for 5 s:
a machine that is busy otherwise draws several in that time."""
ALIASES = 2
SOON = 30.0
"""Seconds until a server is itself again after PostgreSQL is: 5 until it is tried, and some."""
COUNT = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
MOST = ALIASES * engines.POOL["max_size"] + 1  # and the lock's


@pytest.fixture(scope="module")
def url(postgres, migrated_postgres):
    return postgres.new_database(migrated_postgres)


@pytest.fixture(scope="module")
def server(module_server, url, django_db_blocker):
    server = module_server(DATABASE_URL=url)
    server.database = Database(server.data_dir, django_db_blocker, url)
    return server


def count(url):
    with psycopg.connect(url) as connection:
        [[found]] = connection.execute(COUNT).fetchall()
    return found


def people(server, number):
    def make():
        names = [f"alice-{uuid.uuid4().hex[:8]}" for _ in range(number)]
        accounts = Account.objects.bulk_create([Account(name=name) for name in names])
        return [Person(a.name, Token.objects.issue(a)[1]) for a in accounts]

    return server.database.call(make)


async def test_connections_are_bounded_whatever_comes(server, url):
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * PAGES))
    persons = people(server, SOCKETS)
    cookie = {"Cookie": f"sessionid={server.session(persons[0])}"}
    async with AsyncExitStack() as sockets:
        clients = [await sockets.enter_async_context(server.connect(person)) for person in persons]
        answers = await asyncio.gather(
            *(request(server, "GET", "/", headers=cookie) for _ in range(PAGES)),
            *(request(server, "GET", "/account/", headers=cookie) for _ in range(PAGES)),
            *(client.request("sync", since={}) for client in clients),
        )
        assert {answer.status for answer in answers[: 2 * PAGES]} == {200}
        assert {answer["type"] for answer in answers[2 * PAGES :]} == {"synced"}
        assert count(url) <= MOST


async def test_it_recovers_from_the_fall_of_postgres(server, postgres, url):
    alice, bob = people(server, 2)
    cookie = {"Cookie": f"sessionid={server.session(alice)}"}
    async with server.connect(alice) as talker, server.connect(bob) as listener:
        await talker.send_text(bob.name, "before")
        await listener.expect("message")
        postgres.kill()
        refused = await talker.refused("send", to=bob.name, body="meanwhile")
        assert refused["code"] == "unavailable"
        postgres.start()

        async def is_back():
            answer = await talker.request("send", to=bob.name, body="after")
            return answer["type"] == "ack"

        await until_awaited(is_back, SOON)
        await listener.expect("message", message={"body": "after"})
        async with server.connect(bob) as again:
            assert again.hello["user"] == bob.name
        assert (await request(server, "GET", "/", headers=cookie)).status == 200
    assert count(url) <= MOST
