"""Servers started by either command."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.database import Blocker, Database
from tests.server import Server

COMMANDS = {
    "serve": ("serve", "--port", "0"),
    "runserver": ("runserver", "127.0.0.1:0"),
    "runserver without reloader": ("runserver", "127.0.0.1:0", "--noreload"),
    "serve elsewhere": ("serve", "--host", "127.0.0.2", "--port", "0"),
}


@pytest.fixture
def folder(migrated: Path, tmp_path: Path) -> Path:
    """A data folder with empty, migrated databases."""
    return Path(shutil.copytree(migrated, tmp_path / "data"))


@pytest.fixture
def start(tmp_path: Path, django_db_blocker: Blocker) -> Iterator[Callable[..., Server]]:
    """`start("runserver", folder, NAME="value")`: a server, ended with the test."""
    started: list[Server] = []

    def start(command: str, folder: Path, **environment: str) -> Server:
        urls = (environment.get(name, "") for name in ("DATABASE_URL", "MONGO_URL"))
        server = Server(Database(folder, django_db_blocker, *urls), folder, environment)
        server.command = COMMANDS[command]
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture(params=["serve", "runserver", "runserver without reloader"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)
