"""Two web processes, two Celery workers and two beats on one PostgreSQL, MongoDB and Redis."""

import itertools
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.backing import Backing
from tests.database import Blocker, Database
from tests.installation import Installation
from tests.server import ENVIRONMENT, Server
from tests.services.log import Log
from tests.services.ports import free_port
from tests.services.process import Process

OF_EACH = 2
OPEN = {"REGISTRATION": "open"}  # by invitation is the default here


class Cluster(Installation):
    """Members come to different processes, each person's connections to all in turn."""

    def __init__(
        self, backing: Backing, blocker: Blocker, background: bool = True, **environment: str
    ) -> None:
        """Workers and beats only where the `background` is wanted."""
        self.backing = backing
        self.database = Database(Path(), blocker, backing.database_url, backing.mongo_url)
        self.folder = Path(tempfile.mkdtemp(prefix="p2p-chat-cluster-"))
        self._log = Log()
        self._environment = {**ENVIRONMENT, **OPEN, **backing.environment, **environment}
        each = range(OF_EACH)
        self.webs = [self._web(number) for number in each]
        self.workers = [self._worker(number) for number in each if background]
        self.beats = [self._beat(number) for number in each if background]
        first = itertools.cycle(each)
        self._turns: defaultdict[str, Iterator[Server]] = defaultdict(
            lambda: itertools.islice(itertools.cycle(self.webs), next(first), None)
        )

    def _web(self, number: int) -> Server:
        """On a port that it keeps over restarts, as behind a proxy."""
        server = Server(self.database, self._data_dir("web", number), self._environment, self._log)
        server.command = ("serve", "--host", "127.0.0.1", "--port", str(free_port()))
        return server

    def _worker(self, number: int) -> Process:
        name = f"worker{number}@tests"
        words = ("worker", "--hostname", name, "--concurrency", "1", "--loglevel", "warning")
        return self._celery("worker", number, *words)

    def _beat(self, number: int) -> Process:
        kept = str(self.folder / f"beat{number}" / "schedule")
        return self._celery("beat", number, "beat", "--schedule", kept, "--loglevel", "warning")

    def _celery(self, kind: str, number: int, *words: str) -> Process:
        environment = {**self._environment, "DATA_DIR": str(self._data_dir(kind, number))}
        command = [sys.executable, "-m", "celery", "-A", "chatproject", *words]
        return Process(command, environment, self._log)

    def _data_dir(self, kind: str, number: int) -> Path:
        folder = self.folder / f"{kind}{number}"
        folder.mkdir(mode=0o700)
        return folder

    # ---- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """All at once; returns when both web processes say that they listen."""
        for process in (*self.webs, *self.workers, *self.beats):
            process.launch()
        for web in self.webs:
            web.await_ready()

    def close(self) -> None:
        for process in (*self.beats, *self.workers):
            process.kill()
        for web in self.webs:
            web.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- as clients see it ---------------------------------------------------------------------

    @property
    def port(self) -> int:
        return self.webs[0].port

    def port_for(self, who: str) -> int:
        return next(self._turns[who]).port

    @property
    def written(self) -> Log:
        return self._log
