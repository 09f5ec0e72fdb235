"""README.md: its settings are those that are read, and its backup is one."""

import ast
import asyncio
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatproject.env import SECRETS
from tests.client import Client
from tests.docs.pages import PROJECT, fences, page, section, table_keys
from tests.server import Server
from tests.waiting import until

PAGE = "README.md"
SETTINGS = "## Settings"
FEWEST = 20
"""Messages stored before the backup begins, so that it is taken in the middle of writing."""


# ---- the settings -----------------------------------------------------------------------------


def readers() -> Iterator[ast.Call]:
    """The calls in the project's modules that read a variable of the environment by its name."""
    for path in (PROJECT / "chatproject").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and is_name(node.args[0]):
                yield node


def is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(re.fullmatch(r"[A-Z][A-Z_]+", str(node.value)))


def is_reader(call: ast.Call) -> bool:
    """`env.number("NAME", …)` in settings, or `text("NAME")` in the module of these readers."""
    if isinstance(call.func, ast.Attribute):
        return isinstance(call.func.value, ast.Name) and call.func.value.id == "env"
    return isinstance(call.func, ast.Name) and call.func.id == "text"


def settings_read() -> dict[str, Any]:
    """The names that are read, with their defaults where these are plain values."""
    found: dict[str, Any] = {}
    for call in filter(is_reader, readers()):
        name, *others = [ast.literal_eval(a) if isinstance(a, ast.Constant) else None
                         for a in call.args]  # fmt: skip
        found[str(name)] = others[0] if others else None
    return found


def test_the_table_has_exactly_the_settings_that_are_read():
    assert sorted(table_keys(section(PAGE, SETTINGS))) == sorted(settings_read())


def test_the_table_has_their_defaults():
    told = dict(re.findall(r"^\| `(\w+)` \| `([^`|]+)` \|", section(PAGE, SETTINGS), re.M))
    words = {True: "on", False: "off"}
    plain = {name: words[value] if isinstance(value, bool) else str(value)
             for name, value in settings_read().items() if value is not None}  # fmt: skip
    assert {name: told.get(name) for name in plain} == plain


def test_the_example_has_exactly_the_settings_that_are_read():
    shown = re.findall(r"^#?([A-Z_]+)=", page(".env.example"), re.M)
    files = [f"{name}_FILE" for name in SECRETS]
    assert sorted(shown) == sorted([*settings_read(), *files])


# ---- the backup -------------------------------------------------------------------------------


def backup_program() -> str:
    [shell] = [fence.text for fence in fences(PAGE) if "VACUUM INTO" in fence.text]
    found = re.fullmatch(r"\.venv/bin/python - data \S+ <<'END'\n(.*)^END\n", shell, re.M | re.S)
    assert found is not None
    return found[1]


async def back_up(data: Path, backup: Path) -> None:
    command = [sys.executable, "-c", backup_program(), str(data), str(backup)]
    await asyncio.to_thread(subprocess.run, command, check=True)


async def chatter(client: Client, partner: str, sent: list[Any]) -> None:
    """Send on and on, and read what comes: messages, cursors and hints move all the time."""
    while True:
        message = await client.send_text(partner, "hello")
        sent.append(message)
        await client.send("read", conversation=message["conversation"], seq=message["seq"])


def rows(path: Path, statement: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}


def restore(backup: Path, data: Path) -> None:
    for path in data.glob("*.sqlite3*"):
        path.unlink()
    for path in backup.glob("*.sqlite3"):
        path.rename(data / path.name)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backup"


async def test_a_backup_of_a_running_server_is_whole_and_goes_on_where_it_was_taken(
    own_server: Callable[..., Server], backup: Path
):
    server = own_server(SECRET_KEY="")
    alice, bob = server.person("alice"), server.person("bob")
    sent: list[Any] = []
    async with server.connect(alice) as client:
        talking = asyncio.create_task(chatter(client, bob.name, sent))
        await until(lambda: len(sent) >= FEWEST)
        before = len(sent)
        await back_up(server.data_dir, backup)
        talking.cancel()
        await asyncio.wait([talking])
        assert talking.cancelled()
    async with server.connect(alice) as client:
        await client.send_text(bob.name, "after the backup")
    [(stored,)] = rows(backup / "messages.sqlite3", "SELECT MAX(seq) FROM chat_message")
    [(hint,)] = rows(
        backup / "chat.sqlite3", "SELECT last_seq FROM chat_conversation WHERE kind = 'dm'"
    )
    cursors = rows(backup / "chat.sqlite3", "SELECT received_seq, read_seq FROM chat_membership")
    assert before <= min(stored, hint)
    assert stored <= hint + 1  # stored, but not acked, when the backup was taken
    assert all(seq <= stored for cursor in cursors for seq in cursor)
    assert (backup / "secret_key").read_text() == (server.data_dir / "secret_key").read_text()
    assert modes(backup) == {0o600}
    server.terminate()
    restore(backup, server.data_dir)
    server.start()
    async with server.connect(alice) as client:
        assert (await client.send_text(bob.name, "and on"))["seq"] == stored + 1
