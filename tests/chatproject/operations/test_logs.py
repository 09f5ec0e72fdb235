"""Log lines: JSON where it is asked for, the same ids along one request or connection, and nothing
in them that is nobody's business."""

import json
import logging
import sqlite3
import sys
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError

from chatproject.operations.logs import Discreet, JsonLines, Lines
from tests.http import request
from tests.server import Server
from tests.waiting import until

JSON = {"LOG_LEVEL": "info", "LOG_FORMAT": "json"}
SECRET = "hunter2"


def lines(server: Server) -> list[dict]:
    """The log's lines; those before the first are the server's words to its owner."""
    return [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]


def of(server: Server, logger: str) -> list[dict]:
    return [line for line in lines(server) if line["logger"] == logger]


@pytest.fixture(scope="module")
def talkative(module_server):
    return module_server(**JSON)


@pytest.fixture
def told(talkative):
    """`told("chat.life")`: what that logger says from now on."""
    before = len(lines(talkative))
    return lambda logger: [line for line in lines(talkative)[before:] if line["logger"] == logger]


# ---- of a server -------------------------------------------------------------------------------


async def test_a_connection_is_told_from_beginning_to_end(talkative, told):
    server = talkative
    alice, bob = server.person("alice"), server.person("bob")
    async with server.connect(alice) as a:
        await a.send_text(bob.name, SECRET)
    await until(lambda: len(told("chat.life")) == 2)
    opened, ended = told("chat.life")
    assert opened["account"] == ended["account"] == alice.name
    assert opened["connection_id"] == ended["connection_id"]
    assert opened["request_id"] == ended["request_id"]
    assert (ended["code"], ended["level"]) == (1000, "info")
    assert 0 <= ended["seconds"] < 60
    assert SECRET not in server.log
    assert alice.token not in server.log


async def test_why_a_server_closed_a_connection_is_told(talkative, told):
    server = talkative
    async with server.connect(server.person("alice")) as a:
        for _ in range(10):
            await a.socket.send(SECRET)
        await a.closed()
    await until(lambda: len(told("chat.life")) == 2)
    assert told("chat.life")[1]["code"] == 4400
    assert SECRET not in server.log


async def test_a_request_is_told_by_its_route(talkative, told):
    server = talkative
    answer = await request(server, "GET", f"/invite/{SECRET}/?code={SECRET}")
    await until(lambda: told("chatproject.operations.requests"))
    [line] = told("chatproject.operations.requests")
    assert line["route"] == "/invite/<str:code>/"
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["status"]) == ("GET", answer.status)
    assert SECRET not in server.log


async def test_a_foreign_host_is_one_line(own_server):
    server = own_server(**JSON, ALLOWED_HOSTS="chat.example.org")
    await request(server, "GET", f"/invite/{SECRET}/")
    await until(lambda: of(server, "django.security.DisallowedHost"))
    [line] = of(server, "django.security.DisallowedHost")
    assert "exc_info" not in line
    assert SECRET not in server.log


# ---- of a formatter ----------------------------------------------------------------------------


def record(message: str, *args: object, name: str = "chat", **extra: object) -> logging.LogRecord:
    made = logging.getLogger(name).makeRecord(
        name, logging.ERROR, "file.py", 1, message, args, _current_error(), extra=extra
    )
    assert Discreet().filter(made)
    return made


def _current_error() -> Any:
    return sys.exc_info() if sys.exc_info()[0] else None


def both(made: logging.LogRecord) -> list[str]:
    return [Lines("{levelname} {message}", style="{").format(made), JsonLines().format(made)]


def test_what_a_library_passes_along_is_left_out():
    text = JsonLines().format(record("A query", sql=SECRET, request=SECRET, params=(SECRET,)))
    assert set(json.loads(text)) == {"time", "level", "logger", "message"}


def test_djangos_paths_are_left_out():
    told = both(record("%s: %s", "Internal Server Error", f"/invite/{SECRET}/",
                       name="django.request"))  # fmt: skip
    assert all("Internal Server Error: (a path)" in text and SECRET not in text for text in told)


@pytest.mark.parametrize("kind", [IntegrityError, DatabaseError, sqlite3.Error])
def test_a_database_error_is_named_and_not_quoted(kind):
    """PostgreSQL's say which row was refused, with all its columns."""
    try:
        try:
            raise kind(f"Failing row contains ({SECRET}).")
        except kind as error:
            raise RuntimeError("The batch failed") from error
    except RuntimeError:
        made = record("It failed")
    for text in both(made):
        assert SECRET not in text
        assert kind.__qualname__ in text
        assert "The batch failed" in text
        assert text.index(kind.__qualname__) < text.index("RuntimeError")
        assert "test_logs.py" in text


def test_a_task_that_a_database_failed_is_not_quoted_either():
    """Celery writes the error into the line itself, besides the traceback."""
    words = "Task %(name)s[%(id)s] raised unexpected: %(exc)s"
    for kind, shown in ((IntegrityError, False), (ValueError, True)):
        try:
            raise kind(SECRET)
        except kind as error:
            context = {"name": "devices.poll", "id": "1", "exc": repr(error)}
            made = record(words, context, name="celery.app.trace")
        for text in both(made):
            assert (SECRET in text) is shown
            assert "devices.poll[1] raised unexpected" in text
            assert kind.__name__ in text


def test_a_json_line_stays_one_line():
    text = JsonLines().format(record("one\ntwo “three”", account="alice", code=1000))
    assert "\n" not in text
    found = json.loads(text)
    assert (found["message"], found["account"], found["code"]) == (
        "one\ntwo “three”", "alice", 1000,
    )  # fmt: skip
