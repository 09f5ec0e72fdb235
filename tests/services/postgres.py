"""PostgreSQL, as Debian packages it (`apt install postgresql`), on a cluster of our own."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.services.service import Service

USER = "chat"
MAINTENANCE = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "fsync": "off",  # what a killed process wrote is kept by the system; power is not cut here
}


def bin_folder() -> Path | None:
    """Where `postgres` and `initdb` are: the latest that Debian has, else those in PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if found := sorted(versions, key=lambda path: float(path.parent.parent.name)):
        return found[-1].parent
    in_path = shutil.which("initdb")
    return Path(in_path).resolve().parent if in_path else None


def unprivileged() -> dict[str, Any]:
    """Popen's options: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


class Postgres(Service):
    """`settings` go over those of the tests: `fsync="on"` where commits shall be timed."""

    stop_signal = signal.SIGINT  # its "fast" stop; SIGTERM waits until the last client has gone

    def __init__(self, environment: Mapping[str, str] | None = None, **settings: str) -> None:
        found = bin_folder()
        assert found is not None, "PostgreSQL is not installed; on Debian: apt install postgresql"
        self._bin = found
        self._settings = {**SETTINGS, **settings}
        super().__init__(environment, **unprivileged())

    def _prepare(self) -> None:
        """`initdb`, in UTF-8 and without a locale's rules."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [
                *(str(self._bin / "initdb"), "--pgdata", str(self.data), "--no-sync"),
                *("--username", USER, "--auth", "trust", "--locale", "C", "--encoding", "UTF8"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **unprivileged(),
        )

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        program = str(self._bin / "postgres")
        return [program, "-D", str(self.data), "-p", str(self.port), *settings]

    def is_ready(self) -> bool:
        try:
            self._execute("SELECT 1", within=2)
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """A killed server's lock file names a pid that another process may have by now."""
        assert not self.process.is_running
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        super().start()

    @property
    def url(self) -> str:
        return self.database(MAINTENANCE)

    def database(self, name: str) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/{name}"

    def new_database(self, template: str = "template1") -> str:
        """The URL of a new database; a copy of the one at `template`, which nobody may be using."""
        name = f"test_{uuid.uuid4().hex}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, name_in(template))
        return self.database(name)

    def drop(self, url: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name_in(url))

    def _execute(self, statement: str, *names: str, within: int = 60) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=within) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def name_in(url: str) -> str:
    """The database that `url` names, which may be just the name."""
    return re.split(r"[/?]", url.removeprefix("postgres://"))[-1]
