"""docs/client.md: its examples run, and its tables are the program's."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import chat.client
from chat.client import ChatClient, arguments
from chat.client.plain import Exit
from chat.client.terminal.commands import COMMANDS
from chat.models import Account, Token
from tests.client import WITHIN
from tests.docs.pages import PROJECT, fences, page, section
from tests.server import Person, Server

PAGE = "docs/client.md"
SCRIPTS = [fence.text for fence in fences(PAGE) if fence.language == "sh"]
PROGRAMS = [fence.text for fence in fences(PAGE) if fence.language == "python"]


@pytest.fixture(scope="module")
def server(module_server: Callable[..., Server]) -> Server:
    return module_server()


@pytest.fixture(scope="module")
def people(server: Server) -> dict[str, Person]:
    """Those of the examples."""

    def make() -> dict[str, Person]:
        names = ("alice", "bob", "echo")
        accounts = Account.objects.bulk_create([Account(name=name) for name in names])
        return {each.name: Person(each.name, Token.objects.issue(each)[1]) for each in accounts}

    return server.database.call(make)


def run(command: list[str], **environment: str) -> str:
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=WITHIN,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def shell(server: Server, people: dict[str, Person], tmp_path: Path) -> Callable[[str], str]:
    """Runs lines of an example, in which the program is as if it were installed."""
    tokens = "\n".join(f"*{name}) P2P_CHAT_TOKEN={p.token} ;;" for name, p in people.items())
    program = tmp_path / "p2p-chat"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in\n{tokens}\nesac\nexport P2P_CHAT_TOKEN\n'
        f'exec {sys.executable} -m chat.client --server {server.origin} "$@"\n'
    )
    program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    return lambda text: run(["sh", "-ec", text], PATH=path)


def test_lines_go_and_come(shell: Callable[[str], str]):
    out = shell(SCRIPTS[0]).splitlines()
    shown = next(
        line for line in page(PAGE).splitlines() if line.startswith("2026-") and "\t" in line
    )
    assert out[0].split("\t")[1:] == shown.split("\t")[1:]
    assert re.fullmatch(r"[\dT:.-]+Z", out[0].split("\t")[0])
    assert len(out) == 3  # df's head, and its row


def test_json_goes_and_comes(shell: Callable[[str], str]):
    assert '"body": "two\\nlines"' in shell(SCRIPTS[1])


@pytest.fixture
def bot(server: Server, people: dict[str, Person]) -> Iterator[None]:
    """The page's, at work."""
    environment = {"SERVER": server.origin, "NAME": "echo", "TOKEN": people["echo"].token}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAMS[0]], env={**os.environ, **environment}, cwd=PROJECT
    )
    yield
    process.kill()
    process.wait()


async def test_the_bot_repeats(server: Server, people: dict[str, Person], bot: None):
    async with ChatClient(server.origin, "alice", token=people["alice"].token) as alice:
        messages = alice.messages()
        await alice.send("echo", "hello")
        assert (await asyncio.wait_for(anext(messages), WITHIN)).body == "hello"


def test_the_program_that_sends(server: Server, people: dict[str, Person]):
    token = people["echo"].token
    out = run([sys.executable, "-c", PROGRAMS[1]], SERVER=server.origin, NAME="echo", TOKEN=token)
    assert out.splitlines() == ["dm:bob:echo 1", "not_found", "['the cellar is dry']"]


# ---- the tables -------------------------------------------------------------------------------


def test_every_option_is_told_of(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        arguments.parse(["--help"])
    options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}
    assert [option for option in options if f"`{option}`" not in page(PAGE)] == []


def test_every_command_is_told_of_and_no_other():
    told = set(re.findall(r"`/(\w+)", section(PAGE, "## The screen")))
    assert told == COMMANDS.keys()


def test_every_exit_code_is_told_of():
    table = section(PAGE, "## For pipes and scripts")
    assert [int(code) for code in re.findall(r"^\| (\d) \|", table, re.M)] == [*Exit]


def test_what_the_library_has_is_as_it_is_told():
    rows = section(PAGE, "## The library")
    methods = re.findall(r"`(\w+)\(", "".join(re.findall(r"^\| `.*", rows, re.M)))
    assert [name for name in methods if not hasattr(ChatClient, name)] == []
    classes = set(re.findall(r"`([A-Z]\w+)`", rows)) - {"ClientError"}
    assert [name for name in classes if not hasattr(chat.client, name)] == []
