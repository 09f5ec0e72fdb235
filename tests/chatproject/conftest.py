"""Servers started by either command."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import end
from tests.database import Blocker, Database
from tests.installation import running
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
        running.append(server)
        server.start()
        return server

    yield start
    for server in started:
        end(server)


@pytest.fixture(params=["serve", "runserver", "runserver without reloader"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What makes a program use a migrated database of its own, on each engine."""
    if request.param == "sqlite":
        return {"DATA_DIR": str(request.getfixturevalue("folder"))}
    postgres = request.getfixturevalue("postgres")
    url = postgres.new_database(request.getfixturevalue("migrated_postgres"))
    return {"DATA_DIR": str(tmp_path), "DATABASE_URL": url}


@pytest.fixture
def database(environment: dict[str, str], django_db_blocker: Blocker) -> Database:
    """The same one."""
    url = environment.get("DATABASE_URL", "")
    return Database(Path(environment["DATA_DIR"]), django_db_blocker, url)
