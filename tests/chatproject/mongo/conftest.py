"""The engine on a real server, in use."""

import pytest

from tests.chat.store.conftest import make_engine, mongo_databases

__all__ = ["make_engine", "mongo_databases"]


@pytest.fixture(scope="session")
def djongo_engine(make_engine):
    engine = make_engine("djongo")
    engine.migrate()
    return engine


@pytest.fixture
def djongo(djongo_engine):
    """In use, and empty."""
    with djongo_engine.in_use():
        yield djongo_engine
        djongo_engine.empty()
