"""What docker-compose.yml starts, by the same scripts, as processes of this machine."""

import socket
from functools import partial
from pathlib import Path

from tests.database import Blocker, Database
from tests.deploy.caddy import Caddy
from tests.deploy.nameserver import NameServer
from tests.deploy.programs import DEPLOY, in_path, run, succeed
from tests.installation import Installation
from tests.server import ENVIRONMENT
from tests.services.log import Log
from tests.services.ports import free_port
from tests.services.process import PROJECT, Process
from tests.services.valkey import Valkey

ADDRESSES = ("127.0.0.2", "127.0.0.3")
"""Of the web processes: they share a port, as containers do."""


class Script(Process):
    """One of deploy/, for as long as the process runs that it becomes."""

    def __init__(
        self,
        name: str,
        environment: dict[str, str],
        log: Log | None = None,
        cwd: Path = PROJECT,
    ) -> None:
        """`cwd` is a copy of the project that is run in its place."""
        given = {**ENVIRONMENT, "PATH": in_path(), **environment}
        super().__init__([str(cwd / "deploy" / name)], given, log, cwd=cwd)


class Stack(Installation):
    """Web processes behind Caddy, on stores that are there already."""

    def __init__(self, url: str, valkey: Valkey, folder: Path, blocker: Blocker, **more: str):
        self.database = Database(Path(), blocker, url, more.get("MONGO_URL", ""))
        self.web_port = free_port()
        self.names = NameServer(ADDRESSES)
        self.settings = {
            "DATABASE_URL": url,
            "REDIS_URL": valkey.url,
            "TRUSTED_PROXIES": "127.0.0.1",
            "PORT": str(self.web_port),
            **more,
        }
        self.folder, self.valkey = folder, valkey
        self._log = Log()
        self.webs = [self.web(address) for address in ADDRESSES]
        self.caddy = Caddy(self.names.address, self.web_port)

    def web(self, address: str) -> Script:
        folder = self.folder / address
        folder.mkdir(mode=0o700)
        own = {"HOST": address, "DATA_DIR": str(folder)}
        return Script("web", {**self.settings, **own}, self._log)

    def start(self) -> None:
        self.valkey.start()
        succeed([str(DEPLOY / "migrate")], **self.webs[0].environment)
        self.restore()

    def restore(self) -> None:
        """Start what does not run; returns when all of it serves."""
        self.names.addresses = list(ADDRESSES)
        for web in self.webs:
            if not web.is_running:
                web.launch()
        for web in self.webs:
            await_healthy(web)
        if not self.caddy.process.is_running:
            self.caddy.start()

    def close(self) -> None:
        self.caddy.close()
        for web in self.webs:
            web.kill()
        self.valkey.close()
        self.names.close()

    @property
    def port(self) -> int:
        return self.caddy.port

    def port_for(self, who: str) -> int:
        return self.caddy.port

    @property
    def written(self) -> Log:
        return self._log


def await_healthy(web: Script) -> None:
    """Its health check, a program of its own, is not asked before there is an answer."""
    place = (web.environment["HOST"], int(web.environment["PORT"]))

    def listens() -> bool:
        with socket.socket() as sock:
            return sock.connect_ex(place) == 0

    web.await_ready(listens)
    web.await_ready(partial(is_healthy, web))


def is_healthy(process: Process, kind: str = "web") -> bool:
    """What its health check says."""
    return run([str(DEPLOY / "healthy"), kind], **process.environment).returncode == 0
