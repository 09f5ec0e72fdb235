"""Two web processes, two Celery workers and two beats on one PostgreSQL, MongoDB and Redis.

All are started by the scripts that the containers run.
"""

import itertools
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.cluster.backing import Backing
from tests.database import Blocker, Database
from tests.installation import ADDRESS, Installation
from tests.server import ENVIRONMENT, Server
from tests.services.log import Log
from tests.services.ports import free_port
from tests.services.process import Process

OF_EACH = 2
SETTINGS = {
    **ENVIRONMENT,
    "REGISTRATION": "open",  # by invitation is the default here
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
}


class Web(Server):
    def words(self) -> list[str]:
        return ["deploy/web"]


class Background(Process):
    """A worker or a beat; neither says when it is ready."""

    def start(self) -> None:
        self.launch()


class Cluster(Installation):
    """Members come to different processes, each person's connections to all in turn."""

    def __init__(
        self,
        backing: Backing,
        blocker: Blocker,
        background: bool = True,
        second: Mapping[str, str] | None = None,
        **environment: str,
    ) -> None:
        """Workers and beats only where the `background` is wanted.

        `second` goes over the environment of the second of each kind.
        """
        self.backing = backing
        self.database = Database(Path(), blocker, backing.database_url, backing.mongo_url)
        self.folder = Path(tempfile.mkdtemp(prefix="p2p-chat-cluster-"))
        self._log = Log()
        shared = {"DOWNLOAD_DIR": str(self._folder("downloads", 0))}
        settings = {**SETTINGS, **backing.environment, **shared, **environment}
        self._settings = [settings, {**settings, **(second or {})}]
        each = range(OF_EACH)
        self.webs = [self._web(number) for number in each]
        self.workers = [self._celery("worker", number) for number in each if background]
        self.beats = [self._celery("beat", number) for number in each if background]
        first = itertools.cycle(each)
        self._turns: defaultdict[str, Iterator[Server]] = defaultdict(
            lambda: itertools.islice(itertools.cycle(self.webs), next(first), None)
        )

    def _web(self, number: int) -> Web:
        """On a port that it keeps over restarts, as behind a proxy."""
        address = {"HOST": ADDRESS, "PORT": str(free_port())}
        folder = self._folder("web", number)
        return Web(self.database, folder, {**self._settings[number], **address}, self._log)

    def _celery(self, kind: str, number: int) -> Background:
        folder = self._folder(kind, number)
        own = {"DATA_DIR": str(folder), "SCHEDULE": str(folder / "schedule")}
        return Background([f"deploy/{kind}"], {**self._settings[number], **own}, self._log)

    def _folder(self, kind: str, number: int) -> Path:
        folder = self.folder / f"{kind}{number}"
        folder.mkdir(mode=0o700)
        return folder

    # ---- life ----------------------------------------------------------------------------------

    @property
    def processes(self) -> dict[str, Web | Background]:
        """All of them: web 1, web 2, worker 1 …"""
        kinds: dict[str, Sequence[Web | Background]] = {
            "web": self.webs,
            "worker": self.workers,
            "beat": self.beats,
        }
        return {
            f"{kind} {number}": process
            for kind, processes in kinds.items()
            for number, process in enumerate(processes, 1)
        }

    def start(self) -> None:
        """All at once; returns when both web processes say that they listen."""
        for process in self.processes.values():
            process.launch()
        for web in self.webs:
            web.await_ready()

    def terminate(self) -> int:
        """An orderly end of all, web processes first; gives the first exit code that is not 0."""
        codes = [process.terminate() for process in self.processes.values()]
        return next(filter(None, codes), 0)

    def kill(self) -> None:
        for process in self.processes.values():
            process.kill()

    def restart(self) -> None:
        self.terminate()
        self.start()

    def close(self) -> None:
        for process in (*self.workers, *self.beats):
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

    @property
    def memory(self) -> int:
        """Resident bytes of the web processes together."""
        return sum(web.memory for web in self.webs)
