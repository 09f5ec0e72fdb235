"""The server is killed, stopped or frozen: OperationalError in bounded time, and then it goes on."""

import time

import pytest
from django.db import OperationalError, connections

from chat import models
from chat.appender import Appender
from tests.chat.store.engines import Engine
from tests.chat.store.rows import AB, append, codes, post, row, seqs
from tests.services.fixtures import NO_POSTGRES, running
from tests.services.postgres import Postgres, bin_folder
from tests.services.secantus import Secantus

BOUND = 20
"""Seconds: MongoDB's engines give an operation ten, PostgreSQL's connections five."""
MONGO = ("djongo", "django_mongodb_backend")


@pytest.fixture(scope="module", params=["postgres", *MONGO])
def server(request):
    """One that may be killed: of this module alone, and also where MONGO_URL names another."""
    if request.param != "postgres":
        yield from running(Secantus({"ENGINE": request.param}))
    elif bin_folder() is None:
        pytest.skip(NO_POSTGRES)
    else:
        yield from running(Postgres())


@pytest.fixture(scope="module")
def away(server, tmp_path_factory, django_db_blocker, request):
    """An engine on that server; what is not messages is in SQLite, which stays."""
    param = request.node.callspec.params["server"] if hasattr(request.node, "callspec") else ""
    urls = {"DATABASE_URL": server.new_database()}
    if isinstance(server, Secantus):
        urls = {"MONGO_URL": server.new_database(), "MONGO_ENGINE": param}
    engine = Engine(param, tmp_path_factory.mktemp("away"), django_db_blocker, **urls)
    engine.migrate()
    return engine
