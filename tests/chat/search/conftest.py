"""The index on each engine that `default` may be on: real databases, empty before each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.models import Account
from chat.search.choice import index
from tests.chat.store.engines import Engine
from tests.database import Blocker
from tests.services.postgres import Postgres

PEOPLE = ("alice", "bob", "charlie")


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def migrated_engine(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    django_db_blocker: Blocker,
) -> Engine:
    folder = tmp_path_factory.mktemp("search")
    shutil.copytree(migrated, folder, dirs_exist_ok=True)
    urls = {}
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        template = request.getfixturevalue("migrated_postgres")
        urls["DATABASE_URL"] = server.new_database(template)
    return Engine(request.param, folder, django_db_blocker, **urls)


@pytest.fixture
def engine(migrated_engine: Engine) -> Iterator[Engine]:
    """In use, with people, and without a message."""
    with migrated_engine.in_use():
        migrated_engine.empty()
        index().clear()
        Account.objects.bulk_create(Account(name=name) for name in PEOPLE)
        yield migrated_engine
        migrated_engine.empty()
