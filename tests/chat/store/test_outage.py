"""The server is killed, stopped or frozen: OperationalError in bounded time, then it goes on."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import Error, IntegrityError, OperationalError

from chat import models
from chat.appender import Appender
from chat.store import GeneralStore
from tests.chat.store.engines import Engine
from tests.chat.store.rows import AB, append, codes, post, row, seqs
from tests.database import Blocker
from tests.services.fixtures import NO_POSTGRES, running
from tests.services.postgres import Postgres, bin_folder
from tests.services.secantus import Secantus
from tests.services.service import Service

MONGO = {"djongo": "djongo", "official": "django_mongodb_backend"}
HASTE = "serverSelectionTimeoutMS=2000&connectTimeoutMS=2000&socketTimeoutMS=3000"
BOUND = 20
"""Seconds, for an operation with all its tries in such haste, though the machine may stall. Without
haste MongoDB's client waits for 30, and for an answer without end."""


@pytest.fixture(scope="module", params=["postgres", *MONGO])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server(kind: str) -> Iterator[Service]:
    """One that may be killed, so of our own even where MONGO_URL names another."""
    if kind == "postgres" and bin_folder() is None:
        pytest.skip(NO_POSTGRES)
    yield from running(Postgres() if kind == "postgres" else Secantus())


@pytest.fixture(scope="module")
def on_server(
    kind: str,
    server: Postgres | Secantus,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Blocker,
) -> Engine:
    folder, url = tmp_path_factory.mktemp(kind), server.new_database()
    if kind not in MONGO:
        engine = Engine(kind, folder, django_db_blocker, DATABASE_URL=url)
        engine.migrate()
        return engine
    mongo = {"MONGO_ENGINE": MONGO[kind]}
    Engine(kind, folder, django_db_blocker, MONGO_URL=url, **mongo).migrate()
    hasty = f"{url}{'&' if '?' in url else '?'}{HASTE}"
    return Engine(kind, folder, django_db_blocker, MONGO_URL=hasty, **mongo)


@pytest.fixture
def engine(on_server: Engine) -> Iterator[Engine]:
    with on_server.in_use():
        yield on_server
        on_server.empty()


def fails(ask: Callable[[], object]) -> Exception:
    """Runs into the absence; gives the error, which comes in time."""
    begun = time.monotonic()
    with pytest.raises(Error) as raised:
        ask()
    assert time.monotonic() - begun < BOUND
    return raised.value


def heal(engine: Engine) -> None:
    """As the chat's threads do after each error."""
    if not engine.connection.is_usable():
        engine.connection.close()


def test_gone_and_back(engine, server, store):
    """PostgreSQL by an orderly end, of which it tells its clients; others are killed."""
    store.insert([row(AB, 1)])
    server.kill() if engine.is_mongo else server.stop()
    assert isinstance(fails(lambda: store.after(AB, 0, 10)), OperationalError)
    heal(engine)
    assert isinstance(fails(lambda: store.insert([row(AB, 2)])), OperationalError)
    heal(engine)
    server.start()
    assert store.last_seqs([AB]) == {AB: 1}
    store.insert([row(AB, 2)])
    assert [message.seq for message in store.before(AB, 1, None, 10)] == [1, 2]


def test_a_writer_says_unavailable_and_goes_on(engine, server, store):
    for name in ("alice", "bob"):
        models.Account.objects.create(name=name)
    appender = Appender(store, alone=False)
    append(appender, post("before"))
    server.kill()
    assert codes(append(appender, post("a", client_id="a"), post("b", client_id="b"))) == [
        "unavailable",
        "unavailable",
    ]
    server.start()
    posts = append(appender, post("a", client_id="a"), post("b", client_id="b"))
    assert seqs(posts) == [2, 3]


def test_frozen_and_thawed(engine, server, store):
    """What was asked for meanwhile may have been done: seqs stay whole either way."""
    store.insert([row(AB, 1)])
    server.freeze()
    try:
        if engine.is_mongo:  # PostgreSQL's client trusts that a machine which answers will
            assert isinstance(fails(lambda: store.insert([row(AB, 2)])), OperationalError)
            assert isinstance(fails(lambda: store.after(AB, 0, 1)), OperationalError)
    finally:
        server.thaw()
    heal(engine)
    insert_next(store)
    seqs = [message.seq for message in store.after(AB, 0, 10)]
    assert seqs == list(range(1, len(seqs) + 1))


def insert_next(store: GeneralStore) -> None:
    """As a writer does: what it had given up may arrive just before."""
    while True:
        try:
            store.insert([row(AB, store.last_seqs([AB])[AB] + 1)])
        except IntegrityError:
            continue
        return
