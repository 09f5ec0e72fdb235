"""What each variable may hold, what is said of what it may not, and what is never said."""

import stat

import pytest
from environs import Env

from chatproject import env
from tests.chatproject.refused import refusal

NAME = "A_VARIABLE"
DATABASE = env.BASE_DIR / "data" / "chat.sqlite3"
MESSAGES = env.BASE_DIR / "data" / "messages.sqlite3"


@pytest.fixture
def holds(monkeypatch):
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize(
    ("value", "expected"), [("on", True), ("TRUE", True), ("0", False), (" no ", False), ("", True)]
)
def test_a_switch(holds, value, expected):
    holds(value)
    assert env.boolean(NAME, default=True) is expected


def test_a_switch_says_what_would_do(holds):
    holds("maybe")
    line = refusal(lambda: env.boolean(NAME, default=False))
    assert line == "A_VARIABLE holds 'maybe'; it must be true or false."


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "many", "1,5"])
def test_a_number_is_refused(holds, value):
    holds(value)
    assert repr(value) in refusal(lambda: env.number(NAME, 20))


def test_a_number_may_have_a_least(holds):
    holds("0.01")
    assert "0.1 or more" in refusal(lambda: env.number(NAME, 10, least=0.1))


def test_a_choice(holds):
    holds("Invite")
    assert env.choice(NAME, "open", ("open", "invite")) == "invite"
    holds("sometimes")
    assert "one of open, invite" in refusal(lambda: env.choice(NAME, "open", ("open", "invite")))


@pytest.mark.parametrize(
    "value",
    ["localhost", ".example.org", "192.168.1.10", "[::1]", "*", "a_b.example.org,chat.local"],
)
def test_hosts(holds, value):
    holds(value)
    assert env.hosts(NAME, []) == value.split(",")


@pytest.mark.parametrize(
    "value",
    [
        "http://chat.example.org",
        "localhost:8000",
        "::1",
        "[::1",
        "[localhost]",
        "a b",
        "chat.example.org/",
        "*.example.org",
        "-chat.example.org",
        "ok.example.org,**",
        "*,localhost",
    ],
)
def test_hosts_are_refused(holds, value):
    holds(value)
    assert "it must be" in refusal(lambda: env.hosts(NAME, []))


@pytest.mark.parametrize(
    "value", ["chat.example.org", "https://", "ftp://a", "https://a/b", "https://a?b"]
)
def test_origins_are_refused(holds, value):
    holds(value)
    assert "https://chat.example.org" in refusal(lambda: env.origins(NAME))


@pytest.mark.parametrize("value", ["*", "10.0.0.1/8", "proxy", "300.1.1.1"])
def test_networks_are_refused(holds, value):
    holds(value)
    assert "10.0.0.0/8" in refusal(lambda: env.networks(NAME))


def test_networks(holds):
    holds("127.0.0.1, 10.0.0.0/8, ::1")
    assert env.networks(NAME) == ["127.0.0.1", "10.0.0.0/8", "::1"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("redis://user:hunter2@host:6379/0", "redis://***@host:6379/0"),
        ("redis://:hunter2@host", "redis://***@host"),
        ("mongodb://u:hunter2@a:1,b:2/chat?authSource=hunter2", "mongodb://***@a:1,b:2/chat?***"),
        ("redis://:hunter2", "redis://***"),
        ("redis://u:hunter2/with/slashes@host", "redis://***"),
        ("redis://u:hun@ter2@host", "redis://***@host"),
        ("redis//u:hunter2@host", "redis//u:***"),
        ("localhost:hunter2", "localhost:***"),
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("host\nu:hunter2", "host\nu:***"),
    ],
)
def test_a_url_is_shown_without_its_secrets(value, shown):
    assert env.without_secrets(value) == shown


@pytest.mark.parametrize("value", ["http://u:hunter2@host", "localhost:hunter2", "redis://"])
def test_the_url_of_a_server_must_be_one(holds, value):
    holds(value)
    line = refusal(lambda: env.server_url(NAME, ("redis",), "redis://host:6379/0"))
    assert line.endswith("it must be empty, or a URL like redis://host:6379/0.")
    assert "hunter2" not in line


@pytest.mark.parametrize("value", ["", "redis://:hunter2@host:6379/0", "redis://host"])
def test_the_url_of_a_server(holds, value):
    holds(value)
    assert env.server_url(NAME, ("redis",), "redis://host:6379/0") == value


def test_a_database_file_is_relative_to_the_project(holds, tmp_path):
    holds("sqlite:///tests/chat.sqlite3")
    assert env.sqlite_file(NAME, DATABASE, MESSAGES) == env.BASE_DIR / "tests" / "chat.sqlite3"
    holds(f"sqlite:///{tmp_path}/chat.sqlite3")
    assert env.sqlite_file(NAME, DATABASE, MESSAGES) == tmp_path / "chat.sqlite3"


@pytest.mark.parametrize(
    "value",
    [
        "sqlite://chat.db",
        "sqlite:///:memory:",
        "sqlite:///nowhere/at/all/chat.db",
        "sqlite:///tests",
        "mysql://u:hunter2@host/chat",
        "postgres://u:hunter2@host/chat",
        "chat.db",
        f"sqlite:///{MESSAGES}",
    ],
)
def test_a_database_is_refused(holds, value):
    holds(value)
    assert "hunter2" not in refusal(lambda: env.sqlite_file(NAME, DATABASE, MESSAGES))


def test_a_key_is_never_shown(holds):
    holds("sk-hunter2 and more")
    assert "hunter2" not in refusal(lambda: env.secret(NAME))


def test_a_folder_is_made_for_its_owner_alone(holds, tmp_path):
    holds(str(tmp_path / "new" / "data"))
    made = env.directory(NAME, tmp_path)
    assert made == tmp_path / "new" / "data"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_a_file_is_no_folder(holds, tmp_path):
    (tmp_path / "file").touch()
    holds(str(tmp_path / "file"))
    assert "a folder that can be made" in refusal(lambda: env.directory(NAME, tmp_path))


@pytest.fixture
def file(monkeypatch, tmp_path):
    """The file that REDIS_URL_FILE names, which is not there yet."""
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "url"))
    return tmp_path / "url"


def test_a_secret_may_be_in_a_file(file):
    file.write_text("redis://:hunter2@host\n")
    assert env.text("REDIS_URL") == "redis://:hunter2@host"


def test_what_is_in_the_file_is_checked_unseen(file):
    file.write_text("mysql://:hunter2@host")
    line = refusal(lambda: env.server_url("REDIS_URL", ("redis",), "redis://host:6379/0"))
    assert line.startswith("REDIS_URL holds 'mysql://***@host'")


def test_a_file_for_a_secret_must_be_there(file):
    line = refusal(lambda: env.text("REDIS_URL"))
    assert line == (
        f"REDIS_URL_FILE names '{file}', which cannot be read: No such file or directory."
    )


@pytest.mark.parametrize(
    ("content", "reason"), [(b"hunter2\xff", "it is no text"), (b" \n", "which is empty")]
)
def test_a_file_for_a_secret_must_hold_one(file, content, reason):
    file.write_bytes(content)
    line = refusal(lambda: env.text("REDIS_URL"))
    assert reason in line
    assert "hunter2" not in line


def test_a_secret_is_given_in_one_way(file, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://host")
    line = refusal(lambda: env.text("REDIS_URL"))
    assert line == "REDIS_URL and REDIS_URL_FILE are both set; one of them must be empty."


def test_what_is_no_secret_is_in_no_file(monkeypatch, tmp_path):
    """A LOG_LEVEL_FILE may well be another program's."""
    monkeypatch.setenv("LOG_LEVEL", "")
    monkeypatch.setenv("LOG_LEVEL_FILE", str(tmp_path / "nowhere"))
    assert env.text("LOG_LEVEL") == ""


def test_the_environment_wins_over_dotenv(monkeypatch, tmp_path):
    monkeypatch.setattr(env, "_env", Env())
    monkeypatch.setenv("FROM_BOTH", "environment")
    file = tmp_path / ".env"
    file.write_text("# a comment\nFROM_BOTH=file\nexport FROM_FILE='a b'\n")
    env.read_dotenv(file)
    assert (env.text("FROM_BOTH"), env.text("FROM_FILE")) == ("environment", "a b")


def test_a_line_of_dotenv_that_makes_no_sense(tmp_path):
    file = tmp_path / ".env"
    file.write_text("DEBUG=on\nSECRET_KEY='hunter2\n")
    line = refusal(lambda: env.read_dotenv(file))
    assert "line 2" in line
    assert "hunter2" not in line


def test_a_dotenv_that_is_no_text(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"DEBUG=\xff\xfe")
    assert str(file) in refusal(lambda: env.read_dotenv(file))
