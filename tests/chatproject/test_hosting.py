"""Who may serve beside whom, and what must be there first: embedded, and with REDIS_URL."""

import shutil
import sqlite3
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.chatproject.programs import assert_refused, manage
from tests.database import Database
from tests.server import SERVE
from tests.waiting import until

WITHIN = 30.0
HOUR = timedelta(hours=1)


@pytest.fixture
def redis(valkey):
    return {"REDIS_URL": valkey.url}


@pytest.fixture
def database(folder, django_db_blocker):
    return Database(folder, django_db_blocker)


def add_session(key, ends):
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + ends)


def sessions():
    return list(Session.objects.values_list("session_key", flat=True))


def serve(folder, **environment):
    return manage(*SERVE, data_dir=folder, **environment)


@pytest.fixture
def postgres_url(postgres, migrated_postgres):
    return postgres.new_database(migrated_postgres)


# ---- with REDIS_URL ---------------------------------------------------------------------------


async def test_several_servers_share_a_folder_without_worker_and_beat(
    start, folder, redis, database
):
    """The one that an embedded server brings along purges this session within a second or two."""
    database.call(lambda: add_session("old", -HOUR))
    embedded = start("serve", shutil.copytree(folder, folder.parent / "embedded"))
    one = start("serve", folder, **redis)
    other = start("runserver without reloader", folder, **redis)
    assert one.port != other.port
    assert_refused(serve(folder), str(folder), "one with REDIS_URL")
    await until(lambda: embedded.database.call(sessions) == [], WITHIN)
    assert database.call(sessions) == ["old"]


def test_they_do_not_join_an_embedded_server(shared_server, redis):
    folder = shared_server.data_dir
    assert_refused(serve(folder, **redis), str(folder), "for both")


def test_databases_that_are_behind_are_refused_and_left(tmp_path, redis):
    result = serve(tmp_path, **redis)
    assert_refused(result, "'default' database", "manage.py migrate")
    with sqlite3.connect(tmp_path / "chat.sqlite3") as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_a_postgres_that_is_behind_is_refused(tmp_path, redis, postgres):
    result = serve(tmp_path, DATABASE_URL=postgres.new_database(), **redis)
    assert_refused(result, f"on 127.0.0.1:{postgres.port}", "manage.py migrate")


# ---- embedded, on PostgreSQL ------------------------------------------------------------------


def test_an_embedded_server_brings_its_postgres_up_to_date_and_is_the_only_one(
    start, tmp_path, postgres
):
    """On whichever machine: the folders differ."""
    url = postgres.new_database()
    server = start("serve", tmp_path, DATABASE_URL=url)
    assert "Preparing the 'default' database in test_" in str(server.written)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    result = serve(elsewhere, DATABASE_URL=url)
    assert_refused(result, "is used by another server", "REDIS_URL")


def test_a_postgres_that_is_away_is_told_of_in_one_line(tmp_path):
    url = "postgres://chat:hunter2@127.0.0.1:1/chat"
    result = serve(tmp_path, DATABASE_URL=url)
    assert_refused(result, "The 'default' database in chat on 127.0.0.1:1", "Connection refused")
    assert "hunter2" not in result.stderr


def test_a_postgres_that_does_not_wait_for_its_disk_is_refused(tmp_path, postgres_url):
    result = serve(tmp_path, DATABASE_URL=f"{postgres_url}?options=-c%20synchronous_commit%3Doff")
    assert_refused(result, "synchronous_commit=off", "could be lost")
