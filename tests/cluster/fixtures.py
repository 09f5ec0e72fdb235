"""Installations of many processes as fixtures."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chatproject.databases import MESSAGES
from tests.cluster.backing import Backing
from tests.cluster.cluster import Cluster
from tests.database import Blocker, Database
from tests.installation import running
from tests.services.given import GivenMongo
from tests.services.postgres import Postgres
from tests.services.secantus import Secantus
from tests.services.valkey import Valkey


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres, django_db_blocker: Blocker) -> str:
    """The URL of an empty, migrated database: copied for each cluster, made once."""
    url = postgres.new_database()
    Database(Path(), django_db_blocker, url).migrate()
    return url


@pytest.fixture(scope="session")
def make_cluster(
    postgres: Postgres,
    mongo: Secantus | GivenMongo,
    migrated_postgres: str,
    django_db_blocker: Blocker,
) -> Callable[..., Cluster]:
    """Starts a cluster on new databases of the worker's servers, and on a Valkey of its own."""

    def make(background: bool = True, **environment: Any) -> Cluster:
        """`environment`, and whatever else Cluster takes."""
        valkey = Valkey()
        valkey.start()
        database_url = postgres.new_database(migrated_postgres)
        backing = Backing(postgres, valkey, mongo, database_url, mongo.new_database())
        return started(Cluster(backing, django_db_blocker, background, **environment))

    return make


def started(cluster: Cluster) -> Cluster:
    running.append(cluster)
    try:
        cluster.database.migrate(MESSAGES)  # the other is a copy of a migrated one
        cluster.start()
    except BaseException:
        end(cluster)
        raise
    return cluster


def end(cluster: Cluster) -> None:
    running.remove(cluster)
    cluster.close()
    cluster.backing.valkey.close()
    cluster.backing.postgres.drop(cluster.backing.database_url)


@pytest.fixture(scope="session")
def shared_cluster(make_cluster: Callable[..., Cluster]) -> Iterator[Cluster]:
    cluster = make_cluster()
    yield cluster
    end(cluster)


@pytest.fixture
def own_cluster(make_cluster: Callable[..., Cluster]) -> Iterator[Callable[..., Cluster]]:
    """`own_cluster(NAME="value", …)`: web processes alone unless more is asked for, to be
    restarted, killed …"""
    yield from starting(make_cluster)


@pytest.fixture(scope="module")
def module_cluster(make_cluster: Callable[..., Cluster]) -> Iterator[Callable[..., Cluster]]:
    """The same for all tests of a module together."""
    yield from starting(make_cluster)


def starting(make_cluster: Callable[..., Cluster]) -> Iterator[Callable[..., Cluster]]:
    """Gives the function that starts clusters, and ends them all afterwards."""
    clusters: list[Cluster] = []

    def start(background: bool = False, **environment: Any) -> Cluster:
        clusters.append(make_cluster(background, **environment))
        return clusters[-1]

    yield start
    for cluster in clusters:
        end(cluster)
