"""A household on each database, with a process that looks after its devices."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.database import Blocker, Database
from tests.devices.household import ENGINES, Household, Program


@pytest.fixture(scope="session")
def make_household(
    request: pytest.FixtureRequest,
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Blocker,
) -> Callable[[str], Household]:
    """`make_household("postgres")`: on new databases."""

    def make(engine: str) -> Household:
        folder = tmp_path_factory.mktemp("household")
        environment = {"DATA_DIR": str(folder)}
        if engine == "sqlite":
            shutil.copytree(migrated, folder, dirs_exist_ok=True)
        else:
            postgres = request.getfixturevalue("postgres")
            template = request.getfixturevalue("migrated_postgres")
            environment["DATABASE_URL"] = postgres.new_database(template)
        url = environment.get("DATABASE_URL", "")
        return Household(Database(folder, django_db_blocker, url), environment)

    return make


@pytest.fixture(scope="session", params=ENGINES)
def shared_household(
    request: pytest.FixtureRequest, make_household: Callable[[str], Household]
) -> Iterator[Household]:
    household = make_household(request.param)
    yield household
    household.close()


@pytest.fixture
def own_household(
    request: pytest.FixtureRequest, make_household: Callable[[str], Household]
) -> Iterator[Household]:
    """One that no other test knows, on SQLite or what the test names (see `on_each_engine`)."""
    household = make_household(getattr(request, "param", "sqlite"))
    yield household
    household.close()


@pytest.fixture(scope="session")
def shared_program(shared_household: Household) -> Program:
    return shared_household.program()


@pytest.fixture(scope="session")
def other_programs(shared_household: Household) -> list[Program]:
    """Two more, for what several do at once."""
    return [shared_household.program() for _ in range(2)]


@pytest.fixture
def household(shared_household: Household) -> Household:
    return shared_household


@pytest.fixture
def program(shared_program: Program) -> Program:
    return shared_program
