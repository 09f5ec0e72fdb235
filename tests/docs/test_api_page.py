"""docs/api.md: its commands are run, one after another, and answered as it says."""

import json
import os
import re
import subprocess
from itertools import pairwise
from typing import Any

import pytest

from chatproject.api import api
from tests.docs.pages import Fence, fences, page
from tests.docs.test_protocol_page import shape
from tests.http import request
from tests.server import Server

PAGE = "docs/api.md"
NAMES = re.compile(r"\b(alice|bob|garden|builds)\b")
PASSWORD = "correct horse battery"
STRICT = 'curl() { command curl -sS --fail-with-body "$@"; }\n'


class Reader:
    """Types what the page says, with names of its own for who and what it is about."""

    def __init__(self, server: Server, mark: str) -> None:
        self._server = server
        self._mark = mark
        self._before = STRICT
        self._known = {"TOKEN": ""}

    def own(self, text: str) -> str:
        named = NAMES.sub(rf"\1-{self._mark}", text)
        return named.replace("http://localhost:8000", self._server.origin)

    def type(self, script: str) -> str:
        """What it prints."""
        words = ["sh", "-e", "-c", self._before + self.own(script)]
        done = subprocess.run(
            words, capture_output=True, text=True, env=os.environ | self._known, timeout=60
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        self._before += "".join(re.findall(r"^[A-Z]+=.*\n", script, re.M))
        return done.stdout

    def learn(self, answer: dict[str, Any]) -> None:
        """What the later examples have in variables."""
        if "token" in answer:
            self._known["TOKEN"] = answer["token"]
        elif "url" in answer:
            self._known["HOOK"] = answer["url"]
        elif "seq" in answer:
            self._known["MESSAGE"] = answer["id"]


def last_object(printed: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while printed := printed.strip():
        found, end = json.JSONDecoder().raw_decode(printed)
        printed = printed[end:]
    return found


def commands() -> list[tuple[Fence, str]]:
    """The page's scripts, each with the answer that stands right behind it."""
    text, found = page(PAGE), fences(PAGE)
    behind = {
        script.text: answer.text
        for script, answer in pairwise(found)
        if f"{script.text}```\n\n```json\n{answer.text}" in text
    }
    return [(fence, behind.get(fence.text, "")) for fence in found if fence.language == "sh"]


@pytest.fixture
async def reader(server: Server) -> Reader:
    made = Reader(server, server.person("mark").name.removeprefix("mark-"))
    for name in ("alice", "bob"):
        body = json.dumps({"username": made.own(name), "password": PASSWORD})
        kind = {"Content-Type": "application/json"}
        answer = await request(server, "POST", "/api/v1/accounts", body, kind)
        assert answer.status == 201, answer.body
    return made


def listened(reader: Reader, script: str) -> str:
    """What it prints in the two seconds that it listens; a server that is busy may be later."""
    return next(filter(None, (reader.type(script) for _ in range(30))), "")


async def test_every_command_is_answered_as_the_page_says(reader: Reader) -> None:
    for fence, told in commands():
        if "/events" in fence.text:
            printed = listened(reader, fence.text.rstrip() + " || test $? = 28")
            assert printed.startswith("event: hello\nid: ")
        else:
            printed = reader.type(fence.text)
        if told:
            answer = last_object(printed)
            assert shape(answer) == shape(json.loads(told)), fence.text
            reader.learn(answer)


def test_every_answer_belongs_to_a_command() -> None:
    answered = [told for _, told in commands() if told]
    refusal = 1
    assert len(answered) + refusal == len([f for f in fences(PAGE) if f.language == "json"])


def test_every_operation_is_told() -> None:
    text = page(PAGE)
    for path in api.get_openapi_schema()["paths"]:
        pattern = re.sub(r"\\\{\w+\\\}", r"[^\\s`'\"/]+", re.escape(path))
        assert path == "/api/v1/hooks/{token}" or re.search(rf"{pattern}(?![\w/])", text), path
