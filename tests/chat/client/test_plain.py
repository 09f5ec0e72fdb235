"""`--plain` as a script uses it: pipes, formats, exit codes."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import pytest

from chat.client.lines import lines_of
from chat.client.plain import as_line
from chat.protocol import Message
from tests.browser.relay import Relay
from tests.client import WITHIN
from tests.server import PROJECT, Person, Server

pytestmark = pytest.mark.embedded("what the client does depends on no topology")


@pytest.fixture
def plain(server: Server, tmp_path: Path):
    """`await plain(alice, "bob: hello\\n", "--json")`: exit code, output and errors."""

    async def run(
        person: Person | str, lines: str | bytes = "", *options: str, port: int = 0, **more: str
    ) -> tuple[int, str, str]:
        name = person if isinstance(person, str) else person.name
        token = {} if isinstance(person, str) else {"P2P_CHAT_TOKEN": person.token}
        url = f"http://127.0.0.1:{port or server.port}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "chat.client", "--server", url, "--plain", *options, name,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, cwd=PROJECT, start_new_session=True,
            env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), **token, **more},
        )  # fmt: skip
        data = lines if isinstance(lines, bytes) else lines.encode()
        out, err = await asyncio.wait_for(process.communicate(data), WITHIN)
        return process.returncode or 0, out.decode(), err.decode()

    return run


async def test_lines_are_sent_and_what_waits_is_printed_once(plain, alice: Person, bob: Person):
    lines = "".join(f"{bob.name}: line {number}\n" for number in range(300))
    assert await plain(alice, lines) == (0, "", "")
    code, out, err = await plain(bob)
    assert (code, err) == (0, "")
    rows = [line.split("\t") for line in out.splitlines()]
    assert [row[3] for row in rows] == [f"line {number}" for number in range(300)]
    assert {row[2] for row in rows} == {alice.name}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row[0]) for row in rows)
    assert await plain(bob) == (0, "", "")


async def test_json_in_and_out(plain, alice: Person, bob: Person):
    sent = {"to": bob.name, "body": "two\nlines \x1b[31m ü", "id": "once"}
    assert await plain(alice, json.dumps(sent) + "\n", "--json") == (0, "", "")
    assert await plain(alice, json.dumps(sent) + "\n", "--json") == (0, "", "")
    _, out, _ = await plain(bob, "", "--json")
    assert out.isascii()
    assert [json.loads(line)["body"] for line in out.splitlines()] == [sent["body"]]


async def test_what_is_not_sent_is_said_by_its_line(plain, alice: Person, bob: Person):
    lines = f"{bob.name}: one\nno name\n\nnobody-of-that-name: x\n{bob.name}: two"
    code, _, err = await plain(alice, lines)
    assert code == 1
    said = sorted(err.splitlines())
    assert said[0].startswith("p2p-chat: line 2 was not sent: it says nobody to send to")
    assert said[1].startswith("p2p-chat: line 4 was not sent: There is nobody called")
    _, out, _ = await plain(bob)
    assert [line.split("\t")[3] for line in out.splitlines()] == ["one", "two"]
    code, _, err = await plain(alice, '{"to": "bob"}\n', "--json")
    assert (code, err.count('like {"to": "bob", "body": "hello"}')) == (1, 1)


async def test_all_lines_to_one(plain, alice: Person, bob: Person):
    assert (await plain(alice, "note: as it is\n/etc", "--to", bob.name))[0] == 0
    _, out, _ = await plain(bob)
    assert [line.split("\t")[3] for line in out.splitlines()] == ["note: as it is", "/etc"]


async def test_nobody_is_asked_where_there_is_no_terminal(plain, alice: Person, server: Server):
    code, out, err = await plain(alice.name)
    assert (code, out) == (3, "")
    assert "P2P_CHAT_TOKEN" in err
    code, out, err = await plain(alice.name, P2P_CHAT_TOKEN="bad")
    assert (code, out, err.count("\n")) == (3, "", 1)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--server", "ftp://x"], "like http://localhost:8000"),
        (["--server", "http://a:b@x"], "No name or password"),
        (["--json", "--to", "bob"], "each line says"),
        (["--ca", "/no/such/file"], "no file"),
    ],
)
async def test_wrong_arguments_are_one_line(plain, alice: Person, options: list[str], said: str):
    code, _, err = await plain(alice, "", *options)
    assert code == 2
    assert said in err.splitlines()[-1]


async def test_no_server_is_said(plain, alice: Person):
    relay = Relay(lambda: 1)
    code, _, err = await plain(alice, "", "--patience", "1", port=relay.port)
    assert (code, err.count("\n")) == (4, 1)
    relay.close()


def test_a_line_can_be_taken_apart_again():
    body = "a\tb\\n\nc\r\nd\x1b[31m\u2028e"
    line = as_line(Message("x", "dm:a:b", 1, "a", "text", body, None, "2026-11-22T13:18:01.513Z"))
    assert line.count("\t") == 3
    assert line.endswith("\ta\\tb\\\\n\\nc\\nd\u241b[31m\\ne")


async def test_lines_of_any_cut(tmp_path: Path):
    reading, writing = os.pipe()
    for piece in ("ä".encode()[:1], "ä".encode()[1:] + b"\r\nsec", b"ond\n\xff", b""):
        os.write(writing, piece)
    os.close(writing)
    assert [line async for line in lines_of(reading)] == ["ä", "second", "\ufffd"]
    os.close(reading)
