"""Backup and restore with the messages in MongoDB: by its own tools, and without them."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.deploy.contents import assert_whole, contents
from tests.deploy.programs import DEPLOY, succeed
from tests.deploy.restoring import (
    back_up_and_restore,
    postgres_environment,
    talking,
)
from tests.deploy.stack import Stack, await_healthy
from tests.services.fixtures import running as while_running
from tests.services.process import PROJECT
from tests.services.secantus import Secantus
from tests.services.service import Service


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
    stack.webs[0].launch()
    await asyncio.to_thread(await_healthy, stack.webs[0])


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
