"""Backup and restore: dump while people talk, wipe, restore, compare, and go on."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.chatproject.programs import manage
from tests.deploy.contents import assert_whole, contents, last_seq
from tests.deploy.programs import DEPLOY, run, succeed
from tests.deploy.restoring import (
    PASSWORD,
    back_up_and_restore,
    postgres_environment,
    sign_in,
    talking,
)
from tests.deploy.stack import Stack
from tests.docs.test_readme import backup_program
from tests.server import Server

# ---- PostgreSQL -------------------------------------------------------------------------------


def piped(script: str, environment: dict[str, str], **streams: Any) -> None:
    subprocess.run([DEPLOY / script], env={**os.environ, **environment}, check=True, **streams)


async def test_postgres_is_restored_whole(make_stack: Callable[..., Stack], tmp_path: Path) -> None:
    stack = make_stack()
    environment = postgres_environment(stack.settings["DATABASE_URL"])
    dump = tmp_path / "default.dump"

    def back_up() -> None:
        with dump.open("wb") as file:
            piped("postgres/dump", environment, stdout=file)

    def restore() -> None:
        with dump.open("rb") as file:
            piped("postgres/restore", environment, stdin=file)
        succeed([str(DEPLOY / "reconcile")], **stack.webs[0].environment)

    await back_up_and_restore(stack, back_up, restore)
    for web in stack.webs:
        await asyncio.to_thread(web.terminate)
    before = contents(stack.database)
    await asyncio.to_thread(back_up)
    await asyncio.to_thread(restore)
    assert contents(stack.database) == before


# ---- SQLite, embedded -------------------------------------------------------------------------


async def test_sqlite_is_restored_whole(own_server: Callable[..., Server], tmp_path: Path) -> None:
    """By the README's program, which holds up the writers meanwhile."""
    server, backup = own_server(SECRET_KEY=""), tmp_path / "backup"
    program = [sys.executable, "-c", backup_program(), str(server.data_dir), str(backup)]
    alice, bob = server.person("alice"), server.person("bob", password=PASSWORD)
    async with talking(server, alice, bob) as acked:
        before = list(acked)
        await asyncio.to_thread(succeed, program)
    async with server.connect(alice) as client:
        lost = await client.send_text(bob.name, "after the backup")
    server.terminate()
    shutil.rmtree(server.data_dir)
    shutil.copytree(backup, server.data_dir)
    manage("reconcile", data_dir=server.data_dir)
    found = contents(server.database)
    assert_whole(found, before)
    assert lost["id"] not in {message["id"] for message in found["Message"]}
    server.start()
    assert await asyncio.to_thread(sign_in, server, bob.name) == 302
    async with server.connect(alice) as client:
        message = await client.send_text(bob.name, "and on")
        assert message["seq"] == last_seq(found, message["conversation"]) + 1


# ---- what is refused --------------------------------------------------------------------------


def test_a_backup_goes_over_no_other(tmp_path: Path) -> None:
    refused = run([str(DEPLOY / "backup"), str(tmp_path)], COMPOSE="false")
    assert refused.returncode == 1
    assert refused.stderr == f"{tmp_path} is there already; a backup goes into a new folder.\n"


def test_a_backup_that_fails_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert run([str(DEPLOY / "backup"), str(folder)], COMPOSE="false", SETTLE="0").returncode != 0
    assert not folder.exists()


def test_half_a_backup_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "messages.archive.gz").write_text("something")
    refused = run([str(DEPLOY / "restore"), str(tmp_path)], COMPOSE="false")
    assert refused.returncode == 1
    assert refused.stderr == f"{tmp_path} has no rest.archive.gz: it is no backup.\n"
