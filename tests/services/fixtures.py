"""The services as fixtures: each started once per xdist worker, by the first test that asks."""

import os
from collections.abc import Iterator

import pytest

from tests.services.given import GivenMongo
from tests.services.llm import LLM
from tests.services.postgres import Postgres, bin_folder
from tests.services.secantus import Secantus
from tests.services.service import Service
from tests.services.valkey import Valkey

NO_POSTGRES = "PostgreSQL is not installed here; on Debian: apt install postgresql"


def running(service: Service) -> Iterator[Service]:
    """Started before, and ended with its data after what comes between."""
    try:
        service.start()
        yield service
    finally:
        service.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Service]:
    if bin_folder() is None:
        pytest.skip(NO_POSTGRES)
    yield from running(Postgres())


@pytest.fixture(scope="session")
def valkey() -> Iterator[Service]:
    yield from running(Valkey())


@pytest.fixture(scope="session")
def secantus() -> Iterator[Service]:
    yield from running(Secantus())


@pytest.fixture(scope="session")
def mongo(request: pytest.FixtureRequest) -> Iterator[Secantus | GivenMongo]:
    """MongoDB where `make test MONGO_URL=…` names one, and what stands in for it elsewhere."""
    if url := os.environ.get("MONGO_URL"):
        given = GivenMongo(url)
        yield given
        given.close()
    else:
        yield request.getfixturevalue("secantus")


@pytest.fixture(scope="session")
def llm_server() -> Iterator[LLM]:
    """One for all tests of a worker: its URL may go into a shared server's environment."""
    with LLM() as server:
        yield server


@pytest.fixture
def llm(llm_server: LLM) -> Iterator[LLM]:
    """The same, without the scripts and requests of other tests."""
    llm_server.forget()
    yield llm_server
    llm_server.forget()
