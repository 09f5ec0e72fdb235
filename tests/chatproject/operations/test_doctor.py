"""`manage.py doctor` on real installations, well and broken: what it finds, says, and returns."""

import json
import re
import sqlite3
import time
from pathlib import Path

import pytest
import redis

from chatproject.slots import claim
from tests.chatproject.programs import Result, manage
from tests.database import Database
from tests.services.secantus import Secantus

SECRET = "hunter2"
WHOLE = 40.0
"""Seconds for a run in which everything hangs: 8 of waiting, and a start on a busy machine."""


class Findings:
    def __init__(self, result: Result) -> None:
        assert result.stdout, result.stderr
        told = json.loads(result.stdout)
        self.all: list[dict] = told["findings"]
        assert told["ok"] is (result.returncode == 0)
        assert told["ok"] is ("fail" not in {finding["level"] for finding in self.all})
        assert all(finding["do"] for finding in self.all if finding["level"] != "ok")

    def at(self, level: str) -> dict[str, str]:
        """What is said on this level, by subject."""
        return {f["subject"]: f["says"] for f in self.all if f["level"] == level}

    @property
    def failed(self) -> set[str]:
        return set(self.at("fail"))


def doctor(data_dir: Path, **environment: str) -> Findings:
    return Findings(manage("doctor", "--json", data_dir=data_dir, **environment))


# ---- embedded ----------------------------------------------------------------------------------


def test_an_installation_that_is_well(folder):
    folder.chmod(0o700)
    found = doctor(folder)
    assert found.failed == set()
    assert "up to date" in found.at("ok")["Database messages"]
    assert set(found.at("warn")) <= {"Server", "User"}  # tests may run as root
    assert "MQTT" not in {finding["subject"] for finding in found.all}, "there is no broker"


def test_people_get_a_line_for_each_and_what_to_do(folder):
    folder.chmod(0o755)
    result = manage("doctor", data_dir=folder)
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert all(line[:6] in ("ok    ", "warn  ", "      ") for line in lines)
    at = next(number for number, line in enumerate(lines) if "Other users of this machine" in line)
    assert lines[at].startswith("warn  Settings: ")
    assert lines[at + 1] == f"      chmod 700 {folder}"


def test_a_running_server_is_seen(shared_server):
    found = doctor(shared_server.data_dir)
    assert found.at("ok")["Server"] == f"running (process {shared_server.process.pid})"


def test_databases_that_were_never_made(tmp_path):
    found = doctor(tmp_path / "data")
    assert found.failed == {"Database default", "Database messages"}
    assert {f["do"] for f in found.all if f["level"] == "fail"} == {"python manage.py migrate"}


def test_files_that_are_no_databases(folder):
    for name in ("chat", "messages"):
        (folder / f"{name}.sqlite3").write_text("no database " * 100)
    said = doctor(folder).at("fail")
    for subject in ("Database default", "Database messages"):
        assert "file is not a database" in said[subject]


def test_a_later_version_and_an_index_that_is_gone(folder):
    with sqlite3.connect(folder / "chat.sqlite3") as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied)"
                           " VALUES ('chat', '9999_later', '2030-01-01')")  # fmt: skip
    with sqlite3.connect(folder / "messages.sqlite3") as connection:
        connection.executescript("""
            CREATE TABLE bare AS SELECT * FROM chat_message; DROP TABLE chat_message;
            ALTER TABLE bare RENAME TO chat_message;
            CREATE UNIQUE INDEX one ON chat_message (conversation, seq);
        """)
    said = doctor(folder).at("fail")
    assert said.keys() == {"Database default", "Database messages"}
    assert "chat.9999_later" in said["Database default"]
    assert said["Database messages"] == "the unique index on sender, client_id is missing"


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (
            {"ALLOWED_HOSTS": "chat.example.org", "DEBUG": "on", "SECRET_KEY": "abc" * 11},
            [
                ("HTTPS", "sees passwords"),
                ("DEBUG", "shows all it knows"),
                ("Secret key", "easy to guess"),
            ],
        ),
        (
            {"ALLOWED_HOSTS": "*", "HTTPS": "on"},
            [("Settings", "ALLOWED_HOSTS=*"), ("Settings", "no proxy is trusted")],
        ),
        (
            {"CSRF_TRUSTED_ORIGINS": "https://chat.example.org"},
            [("HTTPS", "CSRF_TRUSTED_ORIGINS")],
        ),
    ],
)
def test_settings_that_do_not_go_together(folder, environment, told):
    folder.chmod(0o700)
    found = [f for f in doctor(folder, **environment).all if f["level"] == "warn"]
    for subject, says in told:
        assert [f for f in found if f["subject"] == subject and says in f["says"]], (subject, says)


# ---- distributed -------------------------------------------------------------------------------


@pytest.fixture
def services(postgres, valkey, secantus):
    return {
        "DATABASE_URL": postgres.new_database(),
        "REDIS_URL": valkey.database(901),
        "MONGO_URL": secantus.new_database(),
    }


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


def test_services_that_are_well(services, data_dir, postgres, migrated_postgres, django_db_blocker):
    url = services["DATABASE_URL"] = postgres.new_database(migrated_postgres)
    database = Database(data_dir, django_db_blocker, url, services["MONGO_URL"])
    database.migrate()
    database.call(lambda: claim("test", 1))
    found = doctor(data_dir, **services)
    assert found.failed == {"Workers"}
    assert {"PostgreSQL", "MongoDB", "Redis", "Database default", "Database messages"} <= set(
        found.at("ok")
    )
    assert "standalone" in found.at("warn")["MongoDB"]  # as the tests' server is
    assert found.at("ok")["Beat"] == "periodic tasks are done"


class ReplicaSet(Secantus):
    def command(self) -> list[str]:
        return [word for word in super().command() if word != "--standalone"]


def test_a_replica_set(services, data_dir):
    server = ReplicaSet()
    try:
        server.start()
        found = doctor(data_dir, **{**services, "MONGO_URL": server.url})
    finally:
        server.close()
    said = [finding["says"] for finding in found.all if finding["subject"] == "MongoDB"]
    assert any(re.fullmatch(r"replica set \S+ of 1", line) for line in said)
    assert "MongoDB" not in {**found.at("warn"), **found.at("fail")}


def test_services_that_hang(services, data_dir, postgres, valkey, secantus):
    frozen = [postgres, valkey, secantus]
    for service in frozen:
        service.freeze()
    began = time.monotonic()
    try:
        found = doctor(data_dir, **services)
    finally:
        for service in frozen:
            service.thaw()
    assert time.monotonic() - began < WHOLE
    assert found.failed >= {"PostgreSQL", "MongoDB", "Redis", "Database default",
                            "Database messages", "Workers", "Beat"}  # fmt: skip


def test_services_that_are_not_there(data_dir):
    found = doctor(
        data_dir,
        DATABASE_URL=f"postgres://chat:{SECRET}@127.0.0.1:1/chat",
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1:1/0",
        MONGO_URL=f"mongodb://chat:{SECRET}@127.0.0.1:1/chat",
        MQTT_URL=f"mqtt://chat:{SECRET}@127.0.0.1:1",
    )
    assert found.failed >= {"PostgreSQL", "MongoDB", "Redis", "MQTT", "Workers"}
    assert "refused" in found.at("fail")["PostgreSQL"]
    assert "the broker cannot be reached" in json.dumps(found.all)
    assert SECRET not in json.dumps(found.all)


def test_a_redis_that_forgets_when_it_is_full(services, data_dir, valkey):
    with redis.Redis.from_url(valkey.url) as client:
        client.config_set("maxmemory", 1 << 30)
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert "allkeys-lru" in doctor(data_dir, **services).at("fail")["Redis"]
        finally:
            client.config_set("maxmemory", 0)
            client.config_set("maxmemory-policy", "noeviction")
