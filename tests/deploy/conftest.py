"""Web processes behind Caddy, on PostgreSQL and a Valkey of their own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.database import Blocker
from tests.deploy.stack import Stack
from tests.installation import running
from tests.services.fixtures import running as while_running
from tests.services.postgres import Postgres
from tests.services.service import Service
from tests.services.valkey import Valkey


@pytest.fixture
def own_valkey() -> Iterator[Service]:
    yield from while_running(Valkey())


@pytest.fixture(scope="module")
def make_stack(
    postgres: Postgres, migrated_postgres: str, django_db_blocker: Blocker
) -> Iterator[Callable[..., Stack]]:
    """`make_stack(NAME="value", …)`: started, and ended with the module's tests."""
    started: list[Stack] = []

    def start(**environment: str) -> Stack:
        valkey, folder = Valkey(), Path(tempfile.mkdtemp(prefix="p2p-chat-stack-"))
        url = postgres.new_database(migrated_postgres)
        stack = Stack(url, valkey, folder, django_db_blocker, **environment)
        started.append(stack)
        running.append(stack)
        stack.start()
        return stack

    yield start
    for stack in started:
        stack.close()
        running.remove(stack)
        shutil.rmtree(stack.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def shared_stack(make_stack: Callable[..., Stack]) -> Stack:
    return make_stack()


@pytest.fixture
def stack(shared_stack: Stack) -> Iterator[Stack]:
    """All of it runs; what a test ends is started again after it."""
    yield shared_stack
    shared_stack.restore()
