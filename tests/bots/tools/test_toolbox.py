"""The toolbox as an engine has it: from an event loop, by an executor, in JSON."""

import json
import shutil
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from bots.tools import Toolbox, room
from chat.protocol import parse_time
from tests.database import Blocker, Database
from tests.devices.feeds import new_device, new_person, report, subscribe


class Threads(Executor):
    """One whose threads know a database of one's own."""

    def __init__(self, database: Database) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._database = database

    def submit(self, work, /, *arguments, **named):
        return self._pool.submit(self._database.call, partial(work, *arguments, **named))


@pytest.fixture
def executor(migrated: Path, tmp_path: Path, django_db_blocker: Blocker) -> Executor:
    """On a database where Alice subscribes to a boiler, which has a reading of just now."""
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    database = Database(tmp_path, django_db_blocker)
    database.call(_furnish)
    return Threads(database)


def _furnish() -> None:
    boiler = new_device("boiler")
    subscribe(new_person("alice"), boiler)
    new_person("charlie")
    report(boiler, [(21.4, timezone.now() - timedelta(seconds=5))])


EACH_ABOUT = 700
"""Bytes of what `readings` tells of the boiler, at most."""


def size(told: list[str]) -> int:
    return sum(len(result.encode()) for result in told)


def test_the_schema_is_strict_and_simple():
    """As OpenAI's `strict` wants it; without unions, which not every server knows."""
    tools = Toolbox("alice").schema()
    assert [tool["function"]["name"] for tool in tools] == ["list_devices", "readings"]
    for tool in tools:
        function = tool["function"]
        parameters = function["parameters"]
        assert (tool["type"], function["strict"]) == ("function", True)
        assert function["description"]
        assert parameters["type"] == "object"
        assert parameters["additionalProperties"] is False
        assert parameters["required"] == list(parameters["properties"])
        for field in parameters["properties"].values():
            assert set(field) == {"type", "description"}
            assert field["type"] in ("string", "integer")
    json.dumps(tools)


async def test_a_call_is_answered_and_what_it_gave_can_be_cited(executor):
    toolbox = Toolbox("alice", executor)
    answer = json.loads(await toolbox.call("list_devices", ""))
    assert abs(parse_time(answer["now"]) - timezone.now()) < timedelta(seconds=60)
    answer = json.loads(await toolbox.call("readings", '{"device": "boiler"}'))
    assert answer["last"]["value"] == 21.4
    assert "now" in answer
    (reading,) = toolbox.cited("It is 21,4 °C.")
    assert (reading["device"], reading["seq"]) == ("boiler", 1)


async def test_what_is_too_much_is_neither_told_nor_cited(executor, monkeypatch):
    monkeypatch.setattr(room, "EACH", 100)
    toolbox = Toolbox("alice", executor)
    assert await toolbox.call("readings", '{"device": "boiler"}') == room.TOO_MUCH
    assert toolbox.cited("It is 21.4 °C.") == []
    monkeypatch.undo()
    assert "21.4" in await toolbox.call("readings", '{"device": "boiler"}')
    assert len(toolbox.cited("It is 21.4 °C.")) == 1


async def test_all_that_is_told_for_one_answer_has_a_limit(executor):
    """Tools are offered as long as there is room, and another answer has its own."""
    toolbox = Toolbox("alice", executor)
    told = []
    while toolbox.schema():
        told.append(await toolbox.call("readings", '{"device": "boiler"}'))
    assert room.ALL - room.LEAST - EACH_ABOUT < size(told) <= room.ALL
    assert "21.4" in told[0]
    assert await toolbox.call("list_devices", "") == room.NO_MORE
    assert Toolbox("alice").schema()


async def test_what_a_model_gets_wrong_is_told_to_it(executor):
    toolbox = Toolbox("charlie", executor)
    for name, arguments, why in [
        ("reading", "{}", "There is no tool “reading”; there are list_devices, readings."),
        ("list_devices", '{"of": "bob"}', "It takes a JSON object with nothing in it."),
        ("readings", '{"device": "boiler"}', "There is no device “boiler”"),
    ]:
        answer = json.loads(await toolbox.call(name, arguments))
        assert set(answer) == {"error", "now"}
        assert why in answer["error"]
    assert toolbox.cited("21.4") == []
