"""The services themselves: what a kill leaves, what a freeze holds up, and who outlives whom."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from tests.services.fixtures import NO_POSTGRES, running
from tests.services.given import GivenMongo
from tests.services.postgres import Postgres, bin_folder
from tests.services.process import PROJECT
from tests.services.secantus import Secantus
from tests.services.service import Service
from tests.services.valkey import Valkey
from tests.waiting import until

LIVES, WRITES = 4, 20
ORPHAN = """
import sys
from tests.services.valkey import Valkey
service = Valkey()
service.start()
print(service.process.popen.pid, service.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=[Postgres, Valkey, Secantus])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """Each of them, for this test alone."""
    if request.param is Postgres and bin_folder() is None:
        pytest.skip(NO_POSTGRES)
    yield from running(request.param())


def test_it_comes_back_on_its_port(service: Service) -> None:
    url = service.url
    for end in (service.kill, service.stop):
        end()
        assert not service.is_ready()
        service.start()
        assert service.url == url


def test_a_frozen_one_does_not_answer_until_it_is_thawed(service: Service) -> None:
    service.freeze()
    assert not service.is_ready()
    service.thaw()
    service.process.await_ready(service.is_ready)


def test_postgres_keeps_what_was_committed(postgres: Postgres) -> None:
    template = postgres.new_database()
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE said (what text)")
    copy = postgres.new_database(template)
    with psycopg.connect(copy) as connection:
        connection.execute("INSERT INTO said VALUES ('hello')")
    postgres.kill()
    postgres.start()
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT what FROM said").fetchall() == [("hello",)]
    postgres.drop(copy)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_secantus_keeps_what_was_written_to_its_journal(secantus: Secantus) -> None:
    url = secantus.new_database()
    for life in range(LIVES):
        with mongo(url) as said:
            for number in range(WRITES):
                said.insert_one({"_id": life * WRITES + number})
        secantus.kill()
        with mongo(url, 200) as said, pytest.raises(PyMongoError):
            said.insert_one({"_id": -1})
        secantus.start()
    with mongo(url) as said:
        assert sorted(said.distinct("_id")) == list(range(LIVES * WRITES))


@contextmanager
def mongo(url: str, within: int = 60_000) -> Iterator[Collection[dict[str, Any]]]:
    """`within` so many milliseconds it must be there."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        url, journal=True, serverSelectionTimeoutMS=within
    )
    with client:
        yield client.get_default_database()["said"]


def test_databases_made_on_a_given_mongodb_are_dropped_and_no_others(secantus: Secantus) -> None:
    given = GivenMongo(secantus.database("kept"))
    urls = [secantus.database("kept"), given.new_database(), given.new_database()]
    for url in urls:
        with mongo(url) as said:
            said.insert_one({"_id": url})
    for url in urls:
        with mongo(url) as said:
            assert said.distinct("_id") == [url]
    given.close()
    for url, left in zip(urls, ([urls[0]], [], []), strict=True):
        with mongo(url) as said:
            assert said.distinct("_id") == left


@pytest.mark.parametrize(
    ("url", "ends"),
    [
        ("mongodb://u:p@host/chat", "?authSource=chat"),
        ("mongodb://u:p@host/?replicaSet=rs0", "?replicaSet=rs0&authSource=admin"),
        ("mongodb://u:p@a,b/chat?authSource=users", "?authSource=users"),
        ("mongodb://host:27017/chat", ""),
    ],
)
def test_who_may_use_the_given_mongodb_may_use_the_new_database(url: str, ends: str) -> None:
    made = GivenMongo(url).new_database()
    begins = re.escape(url.rpartition("/")[0])
    assert re.fullmatch(rf"{begins}/test_[0-9a-f]{{32}}{re.escape(ends)}", made)


def test_valkey_forgets(valkey: Valkey) -> None:
    with redis.Redis.from_url(valkey.database(1_000)) as client:
        client.set("said", "hello")
        valkey.kill()
        valkey.start()
        assert client.get("said") is None


async def test_none_outlives_the_tests() -> None:
    pid = started_by_tests_that_were_killed()
    await until(lambda: not exists(pid))


def started_by_tests_that_were_killed() -> int:
    """The pid of a service whose tests had no time to end it."""
    command = [sys.executable, "-c", ORPHAN]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        pid, folder = tests.stdout.readline().split()
        assert exists(int(pid))
        tests.kill()
    shutil.rmtree(folder)
    return int(pid)


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
