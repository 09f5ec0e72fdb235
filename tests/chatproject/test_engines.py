"""Which databases the URLs of the environment stand for."""

import pytest

from chatproject import engines
from tests.chatproject.refused import refusal

POSTGRES = "postgres://anna:hunter2@db:5433/chat"


@pytest.fixture(autouse=True)
def urls(monkeypatch):
    """`urls(DATABASE_URL="…")` sets some of the variables; all are empty at first."""
    names = ("DATABASE_URL", "MONGO_URL", "MONGO_ENGINE")
    for name in (*names, "DATABASE_URL_FILE", "MONGO_URL_FILE"):
        monkeypatch.setenv(name, "")

    def set_them(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_them


def test_nothing_set_is_two_files(tmp_path):
    found = engines.databases(tmp_path)
    assert found["default"]["NAME"] == tmp_path / "chat.sqlite3"
    assert found["messages"]["NAME"] == tmp_path / "messages.sqlite3"
    assert all(engines.is_file(database) for database in found.values())


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgres_is_for_all(urls, tmp_path, scheme):
    urls(DATABASE_URL=f"{scheme}://anna:hunter%232@db:5433/chat?sslmode=require")
    found = engines.databases(tmp_path)
    default = found["default"]
    options = found["messages"]["OPTIONS"]["options"]
    assert options == f"{engines.STANDS_STILL} -c search_path=messages"
    assert not engines.is_file(default)
    assert default["ENGINE"] == "django.db.backends.postgresql"
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db", 5433, "chat")
    assert (default["USER"], default["PASSWORD"]) == ("anna", "hunter#2")
    assert default["OPTIONS"]["sslmode"] == "require"


def test_postgres_connections_are_bounded_and_checked(urls, tmp_path):
    """What Django needs for that: see its documentation of pools."""
    urls(DATABASE_URL=POSTGRES)
    default = engines.databases(tmp_path)["default"]
    assert default["OPTIONS"]["pool"]["max_size"] > engines.CHAT_THREADS
    assert (default["CONN_MAX_AGE"], default["CONN_HEALTH_CHECKS"]) == (0, True)


def test_mongo_takes_the_messages(urls, tmp_path):
    urls(DATABASE_URL=POSTGRES, MONGO_URL="mongodb://u:hunter2@a,b/chat?replicaSet=rs0")
    found = engines.databases(tmp_path)
    assert found["default"]["NAME"] == "chat"
    assert found["messages"]["ENGINE"] == "chatproject.mongo"
    assert found["messages"]["NAME"] == "chat"
    assert found["messages"]["HOST"] == "mongodb://u:hunter2@a,b/chat?replicaSet=rs0"


def test_mongos_own_backend(urls, tmp_path):
    urls(MONGO_URL="mongodb+srv://host/chat", MONGO_ENGINE="django_mongodb_backend")
    found = engines.databases(tmp_path)
    assert found["messages"]["ENGINE"] == "chatproject.mongo.official"
    assert engines.is_file(found["default"])


@pytest.mark.parametrize(
    "values",
    [
        {"DATABASE_URL": "postgres://u:hunter2@host"},
        {"DATABASE_URL": "postgres://u:hunter2@host/"},
        {"DATABASE_URL": "postgres:hunter2"},
        {"DATABASE_URL": "mysql://u:hunter2@host/chat"},
        {"MONGO_URL": "mongodb://u:hunter2@host"},
        {"MONGO_URL": "mongodb://u:hunter2@host/a/b"},
        {"MONGO_URL": "mongodb://u:hunter2@host/a%2eb"},
        {"MONGO_URL": "postgres://u:hunter2@host/chat"},
        {"MONGO_URL": "mongodb://host/chat", "MONGO_ENGINE": "mongoengine"},
    ],
)
def test_what_stands_for_none_is_refused(urls, tmp_path, values):
    urls(**values)
    line = refusal(lambda: engines.databases(tmp_path))
    assert "; it must be " in line
    assert "hunter2" not in line
