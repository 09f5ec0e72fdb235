"""`manage.py messages copy`: all messages arrive on another engine, once, or somebody is told."""

import io
import itertools
import json
import os
import re
import shutil
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from chat.ids import Ids
from chat.models import Message
from tests.chatproject.programs import Result, assert_refused, manage, run
from tests.database import Database
from tests.server import ENVIRONMENT

SECRET = "hunter2"
INSERT = "INSERT INTO chat_message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
OFFICIAL = {"MONGO_ENGINE": "django_mongodb_backend"}
_ids = Ids()


def row(number: int, conversation: str = "dm:alice:bob", **fields) -> tuple:
    """A message as SQLite's table has it; each is different in whatever could get lost."""
    found = {
        "id": _ids.new("").id,
        "conversation": conversation,
        "seq": number,
        "sender": "alice",
        "client_id": f"{conversation}-{number}",
        "kind": ("text", "reading", "deleted")[number % 3],
        "body": ("", f"{SECRET} 🌡 “ß”\n\\ {number}", "%s $where {'a': 1} \u2028")[number % 3],
        "data": (None, json.dumps({"value": 2.0, "b": [1, None, "ü"], "a": {"n": 2**53 - 1}}))[
            number % 2
        ],
        "sent_at": f"2026-03-29 00:59:59.{number % 999 + 1:03}000",
        "edited_at": (None, "2026-03-29 01:00:00.001000")[number % 2],
    }
    return tuple((found | fields).values())


def rows(count: int) -> list[tuple]:
    """In two conversations that take turns."""
    names = itertools.cycle(["dm:alice:bob", "dm:a.l-i_ce:zed"])
    return [row(number // 2 + 1, next(names)) for number in range(count)]


class File:
    """A message store in SQLite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    def ask(self, statement: str, *parameters: object) -> list[tuple]:
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                return connection.execute(statement, parameters).fetchall()
        finally:
            connection.close()

    def add(self, rows: list[tuple]) -> None:
        connection = sqlite3.connect(self.path)
        with connection:
            connection.executemany(INSERT, rows)
        connection.close()

    def content(self) -> list[tuple]:
        return self.ask("SELECT * FROM chat_message ORDER BY _id")

    def count(self) -> int:
        return self.ask("SELECT COUNT(*) FROM chat_message")[0][0]


@pytest.fixture
def new_file(migrated, tmp_path):
    """`new_file(rows)`: a store that holds these."""
    numbers = itertools.count()

    def make(held: list[tuple]) -> File:
        path = tmp_path / f"{next(numbers)}.sqlite3"
        shutil.copy(migrated / "messages.sqlite3", path)
        file = File(path)
        file.add(held)
        return file

    return make


@pytest.fixture
def data_dir(migrated, tmp_path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture
def copy(django_db_blocker):
    """`copy(source, target)`: by the command, in a thread with connections of its own."""

    def copy(source: str, target: str, **environment: str) -> Result:
        words = ["messages", "copy", "--from", source, "--to", target]
        with (
            django_db_blocker.unblock(),
            patch.dict(os.environ, {**ENVIRONMENT, **environment}),
            ThreadPoolExecutor(1) as thread,
        ):
            return thread.submit(called, words).result()

    return copy


def called(words: list[str]) -> Result:
    """What it would say as a program; the databases are as before."""
    out, err = io.StringIO(), io.StringIO()
    before, code = dict(connections.settings), 0
    try:
        call_command(*words, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"CommandError: {error}\n")
        code = 1
    finally:
        connections.close_all()
        connections.settings = before
    return Result(words, code, out.getvalue(), err.getvalue())


def digest(result: Result) -> str:
    assert result.returncode == 0, result.stderr
    found = re.search(r"sha256 ([0-9a-f]{64})", result.stdout)
    assert found is not None
    return found[1]


# ---- engines -----------------------------------------------------------------------------------


def test_through_every_engine_and_back(copy, new_file, tmp_path, postgres, secantus):
    """Each engine is once the source and once the target; what comes back is what was there."""
    first, last = new_file(rows(1100)), tmp_path / "last.sqlite3"
    ring = [
        (postgres.new_database(), {}),
        (secantus.new_database(), {}),
        (secantus.new_database(), OFFICIAL),
        (f"sqlite:///{last}", OFFICIAL),
    ]
    source, digests = first.url, set()
    for target, environment in ring:
        digests.add(digest(copy(source, target, **environment)))
        source = target
    assert len(digests) == 1
    # Documents and jsonb keep objects, not the order of their members
    assert [(*r[:7], r[7] and json.loads(r[7]), r[8]) for r in File(last).content()] == [
        (*r[:7], r[7] and json.loads(r[7]), r[8]) for r in first.content()
    ]


def test_a_chat_goes_on_with_its_messages_elsewhere(data_dir, secantus, django_db_blocker):
    """What is left out is the store of the settings, in which the chat then finds everything."""
    source, target = File(data_dir / "messages.sqlite3"), secantus.new_database()
    source.add(rows(10))
    result = manage("messages", "copy", "--from", source.url, data_dir=data_dir, MONGO_URL=target)
    assert digest(result)
    chat = Database(data_dir, django_db_blocker, mongo_url=target)
    assert chat.call(Message.objects.count) == 10


def test_an_empty_source_may_be_the_wrong_one(copy, new_file):
    result = copy(new_file([]).url, new_file([]).url)
    assert_refused(result, "--from holds no messages")


# ---- again and again ---------------------------------------------------------------------------


def test_one_that_was_killed_goes_on(copy, new_file, data_dir, tmp_path):
    source, target = new_file(rows(4_000)), File(tmp_path / "target.sqlite3")
    killed = run(
        ["-m", "tests.chat.dying", "1500", "messages", "copy",
         "--from", source.url, "--to", target.url],
        data_dir,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    there = target.count()
    assert 0 < there < 4_000
    result = copy(source.url, target.url)
    assert digest(result)
    assert f"{4_000 - there} messages copied; {there} were there." in result.stdout
    assert target.content() == source.content()


def test_a_second_run_fetches_what_came_meanwhile(copy, new_file, tmp_path):
    """Its URLs are in files."""
    held = rows(3000)
    late = held.pop(1200)  # of a process whose clock is behind: its id is not the greatest
    source, target = new_file(held), new_file([])
    digest(copy(source.url, target.url))
    source.add([late, row(9999)])
    for name, store in (("from", source), ("to", target)):
        (tmp_path / name).write_text(f"{store.url}\n")
    again = copy(f"@{tmp_path / 'from'}", f"@{tmp_path / 'to'}")
    assert "2 messages copied; 2999 were there." in again.stdout
    assert target.content() == source.content()


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 1500, -1])
def test_a_target_with_other_messages_is_refused(copy, new_file, place):
    held = rows(2500)
    other = held.pop(place)
    source = new_file(held)
    target = new_file([held[0], other, held[2400]])
    result = copy(source.url, target.url)
    assert_refused(result, "--to holds other messages", other[0])
    assert SECRET not in result.stderr


def test_a_target_of_others_is_not_touched(copy, new_file):
    source, target = new_file(rows(10)), new_file([row(1, "dm:charlie:dora")])
    before = target.content()
    assert_refused(copy(source.url, target.url), "--to holds other messages")
    assert target.content() == before


CHANGES = {"body": SECRET * 2, "seq": 7777, "data": "{}", "sent_at": "2026-03-29 01:00:00.001000"}


@pytest.mark.parametrize(("column", "value"), CHANGES.items())
def test_a_message_that_is_not_the_same_is_told(copy, new_file, column, value):
    held = rows(1500)
    source, target = new_file(held), new_file(held)
    id_ = held[1100][0]
    target.ask(f"UPDATE chat_message SET {column} = ? WHERE _id = ?", value, id_)
    result = copy(source.url, target.url)
    assert_refused(result, f"The message {id_} is not the same in --to: {column}.")
    assert SECRET not in result.stderr


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("", "sqlite:///{0}", "--from must be a URL like sqlite:///"),
        ("sqlite:///{0}", "redis://u:hunter2@host/0", "--to must be a URL like sqlite:///"),
        ("sqlite:///{0}", "sqlite:///{0}", "the same store"),
        ("sqlite:///{0}/no.sqlite3", "sqlite:///{0}", "which is not there"),
        ("sqlite:///{0}", "mongodb://u:hunter2@127.0.0.1:1/", "--to holds 'mongodb://***@"),
        ("@/no/file", "sqlite:///{0}", "which cannot be read"),
    ],
)
def test_bad_urls_are_told(new_file, source, target, said):
    path = new_file(rows(1)).path
    words = ("--from", source.format(path), "--to", target.format(path))
    with pytest.raises((CommandError, SystemExit), match=re.escape(said)) as told:
        call_command("messages", "copy", *words)
    assert SECRET not in str(told.value)


def test_a_database_that_is_away_is_told_in_one_line(copy, new_file):
    result = copy(new_file(rows(1)).url, "postgres://u:hunter2@127.0.0.1:1/chat")
    assert_refused(result, "cannot be used")
    assert SECRET not in result.stderr
