"""A household on each database, with a process that looks after its devices."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import Blocker, Database
from tests.devices.household import Household, Program


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared_household(
    request: pytest.FixtureRequest,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Blocker,
) -> Iterator[Household]:
    folder = tmp_path_factory.mktemp("household")
    environment = {"DATA_DIR": str(folder)}
    if request.param == "sqlite":
        shutil.copytree(migrated, folder, dirs_exist_ok=True)
    else:
        postgres = request.getfixturevalue("postgres")
        template = request.getfixturevalue("migrated_postgres")
        environment["DATABASE_URL"] = postgres.new_database(template)
    url = environment.get("DATABASE_URL", "")
    household = Household(Database(folder, django_db_blocker, url), environment)
    yield household
    household.close()


@pytest.fixture(scope="session")
def shared_program(shared_household: Household) -> Program:
    return shared_household.program()


@pytest.fixture
def household(shared_household: Household) -> Household:
    return shared_household


@pytest.fixture
def program(shared_program: Program) -> Program:
    return shared_program
