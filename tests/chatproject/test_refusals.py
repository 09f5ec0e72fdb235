"""A setting that makes no sense stops every program of the project in the same way."""

import runpy

import pytest

from chatproject import env
from tests.chatproject.programs import assert_refused, manage, run
from tests.chatproject.refused import refusal
from tests.server import ENVIRONMENT

PROGRAMS = {
    "manage.py": ["manage.py", "check"],
    "manage.py serve": ["manage.py", "serve", "--port", "0"],
    "manage.py runserver": ["manage.py", "runserver", "0"],
    "uvicorn": ["-m", "uvicorn", "chatproject.asgi:application", "--port", "0"],
    "celery": ["-m", "celery", "-A", "chatproject", "report"],
}


@pytest.fixture
def settings_with(monkeypatch, tmp_path):
    """`settings_with(NAME="value")`: what each program does first, read in this process."""

    def read(**environment):
        for name, value in {**ENVIRONMENT, "DATA_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(env.BASE_DIR / "chatproject" / "settings.py"))

    return read


@pytest.mark.parametrize("program", PROGRAMS)
def test_one_line_and_no_traceback(program, tmp_path):
    result = run(PROGRAMS[program], tmp_path, DEBUG="hunter")
    assert_refused(result, "DEBUG holds 'hunter'; it must be true or false.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "too short"),
        ("ALLOWED_HOSTS", "http://chat.example.org"),
        ("CSRF_TRUSTED_ORIGINS", "chat.example.org"),
        ("DATA_DIR", "/proc/data"),
        ("DATABASE_URL", "mysql://host/chat"),
        ("DATABASE_URL", "postgres://u:hunter2@host"),
        ("MONGO_URL", "mongodb://u:hunter2@host"),
        ("REDIS_URL", "http://:hunter2@host:6379/0"),
        ("MQTT_URL", "http://u:hunter2@host:1883"),
        ("MQTT_URL", "mqtt://u:hunter2@host:99999"),
        ("MQTT_URL", "mqtt://u:hunter2@one,two"),
        ("MQTT_URL", "mqtt://u:hunter2@host/topic"),
        ("THERMOMETER_INTERVAL", "0.4"),
        ("ALERT_HYSTERESIS", "-1"),
        ("OPENAI_API_KEY", "hunter2 "*3),
        ("OPENAI_BASE_URL", "http://hunter2@localhost:99999/v1"),
        ("OPENAI_BASE_URL", "http://host/v1?key=hunter2"),
        ("REGISTRATION", "sometimes"),
        ("RATE_LIMIT_MESSAGES", "lots"),
        ("RATE_LIMIT_BURST", "-1"),
        ("RECHECK_INTERVAL", "0"),
        ("TRUSTED_PROXIES", "everybody"),
        ("HTTPS", "perhaps"),
        ("LOG_LEVEL", "loud"),
    ],
)  # fmt: skip
def test_each_variable_is_looked_at(name, value, settings_with):
    line = refusal(lambda: settings_with(**{name: value}))
    assert line.startswith(f"{name} holds ")
    assert "hunter2" not in line


@pytest.mark.parametrize("name", env.SECRETS)
def test_each_secret_may_be_in_a_file(name, tmp_path, settings_with):
    values = {name: "", f"{name}_FILE": str(tmp_path / "nowhere")}
    line = refusal(lambda: settings_with(**values))
    assert line.startswith(f"{name}_FILE names '{tmp_path}/nowhere', which cannot be read")


def test_several_machines_must_be_given_the_secret_key(tmp_path):
    shared = {"REDIS_URL": "redis://host", "DATABASE_URL": "postgres://host/chat"}
    result = manage("check", data_dir=tmp_path, SECRET_KEY="", **shared)
    assert_refused(result, "SECRET_KEY is empty", "openssl rand -hex 32")


def test_one_machine_makes_its_secret_key(tmp_path):
    result = manage("check", data_dir=tmp_path, SECRET_KEY="", REDIS_URL="redis://host")
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "secret_key").exists()


def test_nothing_set_is_a_start_without_a_word(tmp_path):
    result = manage("check", "--fail-level", "WARNING", data_dir=tmp_path / "data", SECRET_KEY="")
    assert (result.returncode, result.stderr) == (0, "")
