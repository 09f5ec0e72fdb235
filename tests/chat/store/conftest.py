"""Each test here runs on each engine, every one a real server; the tables are empty before it."""

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat import models
from chat.appender import Appender
from chat.store import GeneralStore
from tests.chat.store.engines import Engine
from tests.chat.store.mongo import GIVEN, Databases
from tests.database import Blocker
from tests.services.postgres import Postgres

NAMES = ("sqlite", "postgres", "djongo", "official")
MONGO_ENGINES = {"djongo": "djongo", "official": "django_mongodb_backend"}


@pytest.fixture(scope="session")
def mongo_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    databases = Databases(GIVEN or request.getfixturevalue("secantus").url)
    yield databases
    databases.drop()


@pytest.fixture(scope="session")
def make_engine(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    django_db_blocker: Blocker,
) -> Callable[[str], Engine]:
    """`make_engine("djongo")`: one on new databases, which are to be migrated."""

    def urls(name: str) -> dict[str, str]:
        if name == "postgres":
            server: Postgres = request.getfixturevalue("postgres")
            return {"DATABASE_URL": server.new_database()}
        if name in MONGO_ENGINES:
            databases: Databases = request.getfixturevalue("mongo_databases")
            return {"MONGO_URL": databases.new(), "MONGO_ENGINE": MONGO_ENGINES[name]}
        return {}

    def make(name: str, **given: str) -> Engine:
        folder: Path = tmp_path_factory.mktemp(name)
        shutil.copytree(migrated, folder, dirs_exist_ok=True)  # of use where SQLite is
        return Engine(name, folder, django_db_blocker, **urls(name), **given)

    return make


@pytest.fixture(scope="session")
def migrated_engines(make_engine: Callable[..., Engine]) -> Callable[[str], Engine]:
    """`migrated_engines("djongo")`: made once. pytest itself would make it anew in each file."""

    @functools.cache
    def migrated(name: str) -> Engine:
        engine = make_engine(name)
        engine.migrate()
        return engine

    return migrated


@pytest.fixture(scope="session", params=NAMES)
def migrated_engine(
    request: pytest.FixtureRequest, migrated_engines: Callable[[str], Engine]
) -> Engine:
    return migrated_engines(request.param)


@pytest.fixture
def engine(migrated_engine: Engine) -> Iterator[Engine]:
    """In use, and empty."""
    with migrated_engine.in_use():
        yield migrated_engine
        migrated_engine.empty()


@pytest.fixture
def store(engine: Engine) -> GeneralStore:
    return engine.store


@pytest.fixture(params=["by the ORM", "in its own way"])
def any_store(engine: Engine, request: pytest.FixtureRequest) -> GeneralStore:
    """Both ways in which an engine can be asked."""
    return GeneralStore() if request.param == "by the ORM" else engine.store


@pytest.fixture
def appender(store: GeneralStore) -> Appender:
    for name in ("alice", "bob", "charlie"):
        models.Account.objects.create(name=name)
    return Appender(store)
