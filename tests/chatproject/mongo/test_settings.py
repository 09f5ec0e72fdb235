"""What MONGO_URL may say, how the client is set up, and with which versions the engine starts."""

import django
import djongo
import pytest
from django.core.exceptions import ImproperlyConfigured

from chatproject import engines
from chatproject.mongo import clients, versions
from tests.chatproject.programs import manage

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("mongodb://host/x?w=1", "w=majority"),
        ("mongodb://host/x?W=0", "W=majority"),
        ("mongodb://host/x?journal=false", "journal=true"),
        ("mongodb://host/x?readPreference=secondaryPreferred", "readPreference=primary"),
        ("mongodb://host/x?readConcernLevel=local", "readConcernLevel=majority"),
        ("mongodb://user:hunter2@ho@st/x", "MongoDB takes"),
        ("mongodb://user:hunter2%zz@host/x", "MongoDB takes"),
        ("mongodb://user:hunter2@host:0/x", "MongoDB takes"),
        ("mongodb://user:hunter2@host/x?authMechanism=none", "MongoDB takes"),
        ("mongodb://user:hunter2@host/", "names a database"),
        ("mongodb://user:hunter2@host/a/b", "names a database"),
    ],
)
def test_a_url_that_would_not_do_is_refused_in_one_line(url, wanted):
    with pytest.raises(SystemExit) as raised:
        engines.mongo("MONGO_URL", url)
    said = str(raised.value)
    assert said.startswith("MONGO_URL holds") and wanted in said
    assert "\n" not in said and SECRET not in said


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://host/x",
        "mongodb://user:p%40ss@a:1,b:2/x?replicaSet=rs0&authSource=admin&tls=true",
        "mongodb://host/x?w=majority&journal=true&readPreference=primary",
        "mongodb+srv://host.example/x",
    ],
)
def test_a_good_url_is_kept_whole(url):
    assert engines.mongo("MONGO_URL", url) == {
        "ENGINE": "chatproject.mongo",
        "HOST": url,
        "NAME": "x",
    }


def test_writes_are_durable_and_waits_are_bounded():
    with_own = "mongodb://user:hunter2@127.0.0.1:1/x?socketTimeoutMS=2000&w=1"
    client = clients.client(with_own)
    assert client.write_concern.document == {"w": "majority", "j": True}
    assert client.read_preference.name == "Primary"
    options = client.options
    assert options.server_selection_timeout == 5
    assert options.pool_options.connect_timeout == 5
    assert options.pool_options.socket_timeout == 2
    assert clients.client(with_own) is client
    assert SECRET not in repr(client)
    clients.close(with_own)
    assert clients.client("mongodb://127.0.0.1:1/x").options.pool_options.socket_timeout == 10
    clients.close("mongodb://127.0.0.1:1/x")


@pytest.mark.parametrize("engine", ["djongo", "django_mongodb_backend"])
def test_a_server_that_is_not_there_is_told_without_a_password(tmp_path, engine):
    url = f"mongodb://user:{SECRET}@127.0.0.1:1/x?serverSelectionTimeoutMS=300"
    result = manage(
        *("migrate", "--database", "messages"),
        data_dir=tmp_path,
        MONGO_URL=url,
        MONGO_ENGINE=engine,
    )
    last = result.stderr.splitlines()[-1]
    assert "OperationalError: no MongoDB server answers: 127.0.0.1:1" in last
    assert SECRET not in result.stderr


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [(djongo, "__version__", "1.4.0"), (django, "VERSION", (6, 0, 1, "final", 0))],
)
def test_unknown_versions_do_not_start(monkeypatch, module, name, value):
    versions.refuse_unknown_versions()
    monkeypatch.setattr(module, name, value)
    with pytest.raises(ImproperlyConfigured) as raised:
        versions.refuse_unknown_versions()
    assert "\n" not in str(raised.value)
    assert "requirements.txt" in str(raised.value)
