"""The chat's own scripts, as its containers run them: migrate once, then web, worker and beat."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.deploy.programs import DEPLOY, run, succeed
from tests.deploy.stack import Script, await_healthy, is_healthy
from tests.server import ENVIRONMENT
from tests.services.ports import free_port
from tests.services.postgres import Postgres
from tests.services.secantus import Secantus
from tests.services.service import Service

MIGRATE = str(DEPLOY / "migrate")
KINDS = ("web", "worker", "beat")
STOPS_WITHIN = 10.0
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture
def settings(
    postgres: Postgres, secantus: Secantus, own_valkey: Service, tmp_path: Path
) -> dict[str, str]:
    """Of an installation that never ran: URLs in files, as secrets are given to containers."""
    urls = {
        "DATABASE_URL": postgres.new_database(),
        "MONGO_URL": secantus.new_database(),
        "REDIS_URL": own_valkey.url,
    }
    for name, url in urls.items():
        (tmp_path / name).write_text(f"{url}\n")
    files = {f"{name}_FILE": str(tmp_path / name) for name in urls}
    own = {"HOST": "127.0.0.1", "PORT": str(free_port()), "SCHEDULE": str(tmp_path / "schedule")}
    return {**ENVIRONMENT, "DATA_DIR": str(tmp_path / "data"), **files, **own}


@contextmanager
def running(settings: dict[str, str]) -> Iterator[dict[str, Script]]:
    """web, worker and beat of a migrated installation, all healthy."""
    started = {kind: Script(kind, settings) for kind in KINDS}
    try:
        for process in started.values():
            process.launch()
        await_healthy(started["web"])
        for kind in ("beat", "worker"):  # the worker last: it is dear to ask
            started[kind].await_ready(partial(is_healthy, started[kind], kind))
        yield started
    finally:
        for process in started.values():
            process.kill()


def fetch(settings: dict[str, str], statement: str) -> Any:
    with psycopg.connect(Path(settings["DATABASE_URL_FILE"]).read_text().strip()) as connection:
        return connection.execute(statement).fetchone()


def test_it_serves_once_migrated_who_does_not_work_is_seen_and_each_stops_in_time(
    settings: dict[str, str], tmp_path: Path
) -> None:
    assert_migrated_first(settings)
    with running(settings) as processes:
        assert_seen(processes, tmp_path)
        assert_stopped_in_time(processes)


def assert_migrated_first(settings: dict[str, str]) -> None:
    """Nothing serves before the migration, which changes nothing the second time."""
    refused = run([str(DEPLOY / "web")], **settings)
    assert refused.returncode == 1
    assert "migrate" in refused.stderr
    succeed([MIGRATE], **settings)
    made = fetch(settings, TABLES)
    assert made > (0,)
    assert "No migrations to apply" in succeed([MIGRATE], **settings)
    assert fetch(settings, TABLES) == made


def assert_stopped_in_time(processes: dict[str, Script]) -> None:
    for kind, process in processes.items():
        # Each is the script's own process, which the containers' signals reach.
        program = os.readlink(f"/proc/{process.popen.pid}/exe")  # noqa: PTH115
        assert Path(program).name.startswith("python"), kind
        begun = time.monotonic()
        assert process.terminate() == 0, process.log
        assert time.monotonic() - begun < STOPS_WITHIN, kind
        assert "Traceback" not in str(process.log)


def assert_seen(processes: dict[str, Script], tmp_path: Path) -> None:
    """Whoever hangs, and a beat that has long written nothing."""
    for kind in ("web", "worker"):
        processes[kind].freeze()
        assert not is_healthy(processes[kind], kind)
        processes[kind].thaw()
        processes[kind].await_ready(partial(is_healthy, processes[kind], kind))
    processes["beat"].freeze()  # it may be about to write
    eleven_minutes_ago = time.time() - 660
    for path in tmp_path.glob("schedule*"):
        os.utime(path, (eleven_minutes_ago, eleven_minutes_ago))
    assert not is_healthy(processes["beat"], "beat")
    processes["beat"].thaw()
