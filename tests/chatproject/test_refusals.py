"""A setting that makes no sense stops every program of the project in the same way."""

import re

import pytest

from tests.chatproject.programs import assert_refused, manage, run
from tests.server import PROJECT

PROGRAMS = {
    "manage.py": ["manage.py", "check"],
    "manage.py serve": ["manage.py", "serve", "--port", "0"],
    "manage.py runserver": ["manage.py", "runserver", "0"],
    "uvicorn": ["-m", "uvicorn", "chatproject.asgi:application", "--port", "0"],
    "celery": ["-m", "celery", "-A", "chatproject", "report"],
}


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
        ("MONGO_URL", "mongodb://u:hunter2@host/chat"),
        ("REDIS_URL", "redis://:hunter2@host:6379/0"),
        ("OPENAI_API_KEY", "hunter2 "*3),
        ("REGISTRATION", "sometimes"),
        ("RATE_LIMIT_MESSAGES", "lots"),
        ("RATE_LIMIT_BURST", "-1"),
        ("RECHECK_INTERVAL", "0"),
        ("TRUSTED_PROXIES", "everybody"),
        ("HTTPS", "perhaps"),
        ("LOG_LEVEL", "loud"),
    ],
)  # fmt: skip
def test_each_variable_is_looked_at(name, value, tmp_path):
    result = manage("check", data_dir=tmp_path / "data", **{name: value})
    assert_refused(result, f"{name} holds ")
    assert "hunter2" not in result.stderr


def test_nothing_set_is_a_start_without_a_word(tmp_path):
    result = manage("check", "--fail-level", "WARNING", data_dir=tmp_path / "data", SECRET_KEY="")
    assert (result.returncode, result.stderr) == (0, "")


def test_the_example_explains_every_variable():
    read = set(
        re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (PROJECT / "chatproject/settings.py").read_text())
    )
    example = (PROJECT / ".env.example").read_text()
    assert {"DEBUG", "RATE_LIMIT_BURST"} <= read
    assert [name for name in sorted(read) if f"\n#{name}=" not in example] == []
