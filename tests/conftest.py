"""What all tests share: one real server process a worker, people, and servers of one's own."""

import fcntl
import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import blocking_manager_key

from tests import no_skips, scheduling
from tests.database import Blocker, Database, put_back
from tests.installation import running
from tests.server import SERVE, Person, Server

pytest_plugins = ["tests.services.fixtures", "tests.cluster.fixtures"]
LOG_LINES = 60


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(no_skips)
    config.pluginmanager.register(scheduling)
    config.addinivalue_line("markers", "embedded(reason): not on many processes, and why")
    config.addinivalue_line("markers", "cluster(reason): on many processes alone, and why")
    # a machine that stalls in one of hundreds of examples is no failure of theirs
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("tests", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("tests")


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests stay until the end: to look for garbage among them, again and again,
    takes a third of the time in which they are found."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the servers' logs where a test failed."""
    report = yield
    if report.failed:
        for installation in running:
            tail = "".join(installation.log.splitlines(keepends=True)[-LOG_LINES:])
            report.sections.append((f"log of {installation}", tail))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """A test that commits empties the database behind it: put back what migrations had made.
    (By itself `serialized_rollback` puts it back for the next such test alone.)"""
    yield
    mark = item.get_closest_marker("django_db")
    if mark is not None and mark.kwargs.get("serialized_rollback"):
        with item.config.stash[blocking_manager_key].unblock():
            put_back()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Blocker) -> Path:
    """A data folder with empty, migrated databases: copied for each server, made by the first
    worker that needs it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "migrated"
    with (shared / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = tmp_path_factory.mktemp("migrated")
            Database(making, django_db_blocker).migrate()
            making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: Path, django_db_blocker: Blocker
) -> Iterator[None]:
    """pytest-django's databases in memory begin as copies of the migrated ones: the `migrate` that
    follows finds nothing to do. They are gone with their last connection: ours stay open."""
    database = Database(migrated, django_db_blocker)
    with ExitStack() as stack:
        for connection in connections.all():
            name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
            copy = stack.enter_context(closing(sqlite3.connect(name, uri=True)))
            # others copy the folder meanwhile: no files may come into it, and go again
            source = f"file:{database.file(connection.alias)}?immutable=1"
            with closing(sqlite3.connect(source, uri=True)) as made:
                made.backup(copy)
        yield


@pytest.fixture(scope="session")
def make_server(migrated: Path, django_db_blocker: Blocker) -> Callable[..., Server]:
    """Starts a server on a new data folder, by this command, with more in its environment."""

    def make(command: tuple[str, ...] = SERVE, **environment: str) -> Server:
        folder = Path(tempfile.mkdtemp(prefix="p2p-chat-server-"))
        shutil.copytree(migrated, folder, dirs_exist_ok=True)
        server = Server(Database(folder, django_db_blocker), folder, environment)
        server.command = command
        running.append(server)
        server.start()
        return server

    return make


def end(server: Server) -> None:
    running.remove(server)
    server.close()


@pytest.fixture(scope="session")
def shared_server(make_server: Callable[..., Server]) -> Iterator[Server]:
    server = make_server()
    yield server
    end(server)


@pytest.fixture
def server(shared_server: Server) -> Iterator[Server]:
    """The worker's server. Nothing that a client does may leave a traceback in its log."""
    before = shared_server.log_length
    yield shared_server
    assert "Traceback" not in shared_server.log_since(before)


@pytest.fixture
def own_server(make_server: Callable[..., Server]) -> Iterator[Callable[..., Server]]:
    """`own_server(NAME="value", …)`: a private server, to be restarted, killed, starved …"""
    yield from starting(make_server)


@pytest.fixture(scope="module")
def module_server(make_server: Callable[..., Server]) -> Iterator[Callable[..., Server]]:
    """The same for all tests of a module together."""
    yield from starting(make_server)


def starting(make_server: Callable[..., Server]) -> Iterator[Callable[..., Server]]:
    """Gives the function that starts servers, and ends them all afterwards."""
    started: list[Server] = []

    def start(command: tuple[str, ...] = SERVE, **environment: str) -> Server:
        started.append(make_server(command, **environment))
        return started[-1]

    yield start
    for server in started:
        end(server)


@pytest.fixture
def alice(server: Server) -> Person:
    return server.person("alice")


@pytest.fixture
def bob(server: Server) -> Person:
    return server.person("bob")


@pytest.fixture
def charlie(server: Server) -> Person:
    """The outsider."""
    return server.person("charlie")
