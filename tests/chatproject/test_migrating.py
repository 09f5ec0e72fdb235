"""Migrations that are started at the same time, as by two machines of one installation."""

import subprocess
import sys

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tests.chatproject.programs import manage
from tests.chatproject.test_schema import tables
from tests.server import ENVIRONMENT, PROJECT

TOGETHER = 2
WITHIN = 120
AWAY = "postgres://127.0.0.1:1/chat"


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request, tmp_path):
    """Of an installation whose databases are new."""
    found = {"DATA_DIR": str(tmp_path)}
    if request.param == "postgres":
        found["DATABASE_URL"] = request.getfixturevalue("postgres").new_database()
    return found


def test_several_at_once_all_succeed(environment, database, tmp_path):
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
    assert database.call(all_is_applied)
    if "DATABASE_URL" not in environment:
        assert "chat_account" in tables(tmp_path / "chat.sqlite3")
        assert "chat_message" not in tables(tmp_path / "chat.sqlite3")
        assert "chat_message" in tables(tmp_path / "messages.sqlite3")
        assert "chat_account" not in tables(tmp_path / "messages.sqlite3")


def all_is_applied():
    """In both databases."""
    plans = []
    for connection in connections.all():
        executor = MigrationExecutor(connection)
        plans += executor.migration_plan(executor.loader.graph.leaf_nodes())
    return plans == []


def test_a_postgres_that_is_away_is_told_of_in_one_line(tmp_path):
    result = manage("migrate", data_dir=tmp_path, DATABASE_URL=AWAY)
    assert result.returncode == 1
    assert result.stderr.startswith("CommandError: The 'default' database in chat on 127.0.0.1:1")
    assert len(result.stderr.splitlines()) == 1
