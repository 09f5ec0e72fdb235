"""One embedded server for one PostgreSQL database, also after PostgreSQL was away."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest
from django.core.management.base import CommandError

from chatproject.serving import apart, database_lock
from tests.database import Database
from tests.waiting import until

WITHIN = 30.0
OURS = """
FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
WHERE locktype = 'advisory' AND datname = current_database()
"""
"""Others are of other databases on the same server."""
LOCKS = f"SELECT count(*) {OURS} AND granted"
WAITING = f"SELECT count(*) {OURS} AND NOT granted"
BREAK = f"SELECT count(pg_terminate_backend(pid)) {OURS} AND granted"
TAKE = "SELECT pg_advisory_lock(%s, %s)"


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def lock(url, tmp_path, django_db_blocker, monkeypatch):
    """`lock()`: the context manager of a server on that database."""
    monkeypatch.setattr(database_lock, "LOOK_EVERY", 0.05)
    with ExitStack() as stack:
        stack.enter_context(Database(tmp_path, django_db_blocker, url).open())
        yield database_lock.held


def run(url, statement):
    with psycopg.connect(url) as connection:
        [found] = connection.execute(statement).fetchall()
        return found[0]


def locks(url):
    return run(url, LOCKS)


def wait(condition):
    asyncio.run(until(condition, WITHIN))


def refusal(lock):
    with pytest.raises(CommandError) as refused, lock():
        pytest.fail("two hold it")
    return str(refused.value)


def test_who_hear_of_each_other_share_it_and_an_embedded_one_is_refused(lock, url):
    with lock(shared=True), lock(shared=True):
        assert locks(url) == 2
        refusal(lock)
    wait(lambda: locks(url) == 0)
    with lock(), pytest.raises(CommandError), lock(shared=True):
        pytest.fail("it joins an embedded one")


def test_a_second_server_is_refused(lock, postgres, url):
    with lock():
        said = refusal(lock)
        assert f"on 127.0.0.1:{postgres.port}" in said
        assert "REDIS_URL" in said
        assert locks(url) == 1
    wait(lambda: locks(url) == 0)


def test_another_database_is_another_lock(lock, postgres, tmp_path, django_db_blocker):
    with lock(), Database(tmp_path, django_db_blocker, postgres.new_database()).open(), lock():
        pass


def test_files_need_none(folder, django_db_blocker):
    before = set(threading.enumerate())  # of these, some may end meanwhile
    with Database(folder, django_db_blocker).open(), database_lock.held():
        assert set(threading.enumerate()) <= before


def test_it_is_taken_again_when_postgres_is_back(lock, postgres, url):
    with lock():
        postgres.kill()
        postgres.start()
        wait(lambda: locks(url) == 1)
        assert "used by another server" in refusal(lock)


def test_who_lost_it_to_another_stops(lock, url, monkeypatch, caplog):
    stopped = threading.Event()
    monkeypatch.setattr(database_lock, "STOP_AFTER", 3)
    before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        with (
            lock(),
            psycopg.connect(url, autocommit=True) as other,
            ThreadPoolExecutor(1) as thread,
        ):
            takes = thread.submit(other.execute, TAKE, [apart.NAMESPACE, apart.SERVING])
            wait(lambda: run(url, WAITING) == 1)
            run(url, BREAK)
            takes.result(WITHIN)
            wait(stopped.is_set)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert "this one stops" in caplog.text
