"""Backup and restore: dump while people talk, wipe, restore, compare, and go on."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient

from tests.chatproject.programs import manage
from tests.client import Client
from tests.deploy.contents import Contents, assert_whole, contents
from tests.deploy.programs import DEPLOY, in_path, run, succeed
from tests.deploy.stack import Stack
from tests.docs.test_readme import backup_program
from tests.installation import Installation
from tests.server import Server
from tests.services.fixtures import running as while_running
from tests.services.postgres import bin_folder
from tests.services.process import PROJECT
from tests.services.secantus import Secantus
from tests.services.service import Service
from tests.waiting import until

FEWEST = 20
"""Messages acked before the backup begins, so that it is taken in the middle of writing."""
PASSWORD = "correct horse battery staple"
Acked = list[dict[str, Any]]


# ---- people who talk while it is done ---------------------------------------------------------


async def chatter(client: Client, partner: str, acked: Acked) -> None:
    """Send on and on, and read what comes: messages, cursors and hints move all the time."""
    while True:
        message = await client.send_text(partner, "hello")
        acked.append(message)
        await client.send("read", conversation=message["conversation"], seq=message["seq"])


@asynccontextmanager
async def talking(stack: Installation, alice: Any, bob: Any) -> AsyncIterator[Acked]:
    """Both send all the while; gives what is acked by now, and is still growing."""
    acked: Acked = []
    async with stack.connect(alice) as alices, stack.connect(bob) as bobs:
        tasks = [asyncio.create_task(chatter(alices, bob.name, acked)),
                 asyncio.create_task(chatter(bobs, alice.name, acked))]  # fmt: skip
        await until(lambda: len(acked) >= FEWEST)
        yield acked
        assert not any(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def sign_in(stack: Installation, name: str) -> int:
    """By form, as a browser does; 302 leads into the chat."""
    form = HTTPConnection("127.0.0.1", stack.port, 30)
    form.request("GET", "/join/")
    answer = form.getresponse()
    answer.read()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    token = cookie.partition("=")[2]
    body = f"name={name}&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token}"
    form.request("POST", "/join/", body, headers)
    return form.getresponse().status


async def back_up_and_restore(
    stack: Stack, back_up: Callable[[], Any], restore: Callable[[], Any]
) -> Contents:
    """All of it; gives what is there after the restore, when people have begun to talk again."""
    alice, bob = stack.person("alice"), stack.person("bob", password=PASSWORD)
    session = stack.session(alice)
    async with talking(stack, alice, bob) as acked:
        before = list(acked)
        await asyncio.to_thread(back_up)
    async with stack.connect(alice) as client:
        lost = await client.send_text(bob.name, "after the backup")
    for web in stack.webs:
        await asyncio.to_thread(web.terminate)
    await asyncio.to_thread(restore)
    found = contents(stack.database)
    assert_whole(found, before)
    assert lost["id"] not in {message["id"] for message in found["Message"]}
    await asyncio.to_thread(stack.restore)
    assert await asyncio.to_thread(sign_in, stack, bob.name) == 302
    browser = stack.connect(session=session, origin=stack.origin)
    async with browser as again, stack.connect(bob) as bobs:
        message = await again.send_text(bob.name, "and on")
        await bobs.expect("message", message={"id": message["id"]})
        assert message["seq"] == len(found["Message"]) + 1
    return found


# ---- PostgreSQL -------------------------------------------------------------------------------


def postgres_environment(url: str) -> dict[str, str]:
    """What docker-compose.yml gives the service, and where it is here."""
    place = urlsplit(url)
    return {
        "PATH": f"{bin_folder()}:{in_path()}",
        "PGHOST": str(place.hostname),
        "PGPORT": str(place.port),
        "PGUSER": str(place.username),
        "PGDATABASE": place.path.lstrip("/"),
    }


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


# ---- MongoDB ----------------------------------------------------------------------------------


@pytest.fixture
def mongo() -> Iterator[Service]:
    yield from while_running(Secantus())


@pytest.fixture
def over_mongo(make_stack: Callable[..., Stack], mongo: Secantus) -> Stack:
    return make_stack(MONGO_URL=mongo.database("chat"))


async def test_messages_in_mongodb_are_copied_and_copied_back(
    over_mongo: Stack, mongo: Secantus, tmp_path: Path
) -> None:
    """Where MongoDB's own tools are not to be had: `manage.py messages copy`, the chat stopped."""
    stack = over_mongo
    alice, bob = stack.person("alice"), stack.person("bob")
    async with talking(stack, alice, bob) as acked:
        pass
    for web in stack.webs:
        await asyncio.to_thread(web.terminate)
    succeed([str(DEPLOY / "reconcile")], **stack.webs[0].environment)
    before = contents(stack.database)
    assert_whole(before, acked)
    kept = f"sqlite:///{tmp_path / 'messages.sqlite3'}"
    copy = [sys.executable, "manage.py", "messages", "copy"]
    succeed([*copy, "--to", kept], **stack.webs[0].environment)
    with MongoClient[Any](mongo.url) as client:
        client.drop_database("chat")
    succeed([*copy, "--from", kept], **stack.webs[0].environment)
    assert contents(stack.database) == before
    await asyncio.to_thread(stack.restore)


def engine(stack: Stack, mongo: Secantus, secrets: Path) -> dict[str, str]:
    """The environment of deploy/backup and deploy/restore: the services as processes here."""
    me = f"{os.geteuid()}:{os.getegid()}"
    owners = {f"{name}_USER": me for name in ("CHAT", "MONGO", "POSTGRES", "REDIS", "CADDY")}
    own = {"SECRETS": str(secrets), "CADDY_DATA": str(secrets / "none"), **owners}
    succeed([str(DEPLOY / "secrets")], **own)
    with MongoClient[Any](mongo.url) as client:  # as deploy/mongo/users.js does
        roles = [{"role": "readWrite", "db": "chat"}, {"role": "dbAdmin", "db": "chat"}]
        password = (secrets / "mongo/chat_password").read_text().strip()
        client.admin.command("createUser", "chat", pwd=password, roles=roles)
    services = {
        "mongo": {
            "environment": {"SECRETS": str(secrets / "mongo"), "MONGO": f"127.0.0.1:{mongo.port}"}
        },
        "postgres": {"environment": postgres_environment(stack.settings["DATABASE_URL"])},
        "secrets": {"environment": own},
        "migrate": {"environment": {**stack.webs[0].environment, "SECRETS": str(secrets)}},
    }
    file = secrets.parent / "engine.json"
    file.write_text(json.dumps(services))
    return {
        "COMPOSE": f"{sys.executable} -m tests.deploy.engine",
        "PYTHONPATH": str(PROJECT),
        "ENGINE": str(file),
        "SETTLE": "2",
    }


if shutil.which("mongodump"):  # no registry of packages has it: where MongoDB's tools are at hand

    async def test_the_whole_of_it_is_restored(
        over_mongo: Stack, mongo: Secantus, tmp_path: Path
    ) -> None:
        folder = tmp_path / "backup"
        secrets = tmp_path / "secrets"
        secrets.mkdir()
        environment = engine(over_mongo, mongo, secrets)
        key = (secrets / "made/secret_key").read_text()

        def back_up() -> None:
            succeed([str(DEPLOY / "backup"), str(folder)], **environment)
            (secrets / "made/secret_key").write_text("another, of a new machine")

        def restore() -> None:
            with MongoClient[Any](mongo.url) as client:
                client.drop_database("chat")
            succeed([str(DEPLOY / "restore"), str(folder)], **environment)

        await back_up_and_restore(over_mongo, back_up, restore)
        assert (secrets / "made/secret_key").read_text().strip() == key
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


# ---- SQLite, embedded -------------------------------------------------------------------------


async def test_sqlite_is_restored_whole(own_server: Callable[..., Server], tmp_path: Path) -> None:
    """By the README's program, which holds up the writers meanwhile."""
    server, backup = own_server(SECRET_KEY=""), tmp_path / "backup"
    program = [sys.executable, "-c", backup_program(), str(server.data_dir), str(backup)]
    alice, bob = server.person("alice"), server.person("bob", password=PASSWORD)
    async with talking(server, alice, bob) as acked:
        before = list(acked)
        await asyncio.to_thread(succeed, program)
    server.terminate()
    shutil.rmtree(server.data_dir)
    shutil.copytree(backup, server.data_dir)
    manage("reconcile", data_dir=server.data_dir)
    assert_whole(contents(server.database), before)
    server.start()
    assert await asyncio.to_thread(sign_in, server, bob.name) == 302
    async with server.connect(alice) as client:
        await client.send_text(bob.name, "and on")


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
