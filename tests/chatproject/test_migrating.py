"""Migrations that are started at the same time, as by two machines of one installation."""

import subprocess
import sys

import pytest

from tests.chatproject.programs import manage
from tests.server import ENVIRONMENT, PROJECT

TOGETHER = 3
WITHIN = 120
AWAY = "postgres://127.0.0.1:1/chat"


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request, tmp_path):
    """Of an installation whose databases are new."""
    found = {"DATA_DIR": str(tmp_path)}
    if request.param == "postgres":
        found["DATABASE_URL"] = request.getfixturevalue("postgres").new_database()
    return found


def test_several_at_once_all_succeed(environment, tmp_path):
    programs = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate"],
            cwd=PROJECT,
            env={**ENVIRONMENT, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(TOGETHER)
    ]
    said = [program.communicate(timeout=WITHIN)[0] for program in programs]
    assert [program.returncode for program in programs] == [0] * TOGETHER, said
    assert sum("Applying chat.0001" in text for text in said) == 1, "one did it"
    check = manage("migrate", "--check", data_dir=tmp_path, **environment)
    assert check.returncode == 0


def test_a_postgres_that_is_away_is_told_of_in_one_line(tmp_path):
    result = manage("migrate", data_dir=tmp_path, DATABASE_URL=AWAY)
    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The 'default' database in chat on 127.0.0.1:1")
    assert len(result.stderr.splitlines()) == 1
