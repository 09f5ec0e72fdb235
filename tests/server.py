"""One real server process: `manage.py serve` on a free port, with its own data folder."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.database import Database
from tests.installation import Installation, Person, dm
from tests.services.log import Log
from tests.services.process import PROJECT, Process
from tests.settings import NEUTRAL, TEST_SECRET_KEY

__all__ = ["ENVIRONMENT", "PROJECT", "RUNSERVER", "SERVE", "Person", "Server", "dm"]

READY = re.compile(r"http://[^\s:/]+:([1-9]\d*)")
SERVE = ("serve", "--host", "127.0.0.1", "--port", "0")
RUNSERVER = ("runserver", "127.0.0.1:0", "--noreload")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # <linux/prctl.h>, <linux/capability.h>
ENVIRONMENT = {
    **NEUTRAL,
    "SECRET_KEY": TEST_SECRET_KEY,
    "RATE_LIMIT_MESSAGES": "0",
    "PYTHONUNBUFFERED": "1",
    "DJANGO_SETTINGS_MODULE": "chatproject.settings",
}


def drop_dac_override() -> None:
    """Give up root's right to write what is read-only, for this process and those it starts."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_CAPBSET_DROP")


class Server(Installation):
    """One server process at a time on one data folder, and the ways to end it."""

    command: tuple[str, ...] = SERVE
    """What `manage.py` is given."""

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        environment: dict[str, str],
        log: Log | None = None,
    ) -> None:
        self.database = database
        self.data_dir = data_dir
        environment = {**ENVIRONMENT, "DATA_DIR": str(data_dir), **environment}
        self._process = Process([], environment, log)
        self._port = 0

    # ---- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start, and return once the server says where it listens."""
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        self._process.command = self.words()
        self._port = 0
        self._begins = self.log_length
        self._process.launch()

    def words(self) -> list[str]:
        """The program and all that it is given."""
        return [sys.executable, "manage.py", *self.command]

    def await_ready(self) -> None:
        self._process.await_ready(self._has_said_its_port)

    def _has_said_its_port(self) -> bool:
        said = [int(port) for port in READY.findall(self.log_since(self._begins))]
        own = [port for port in said if self._is_own(port)]  # others may share the log
        self._port = own[0] if own else 0
        return bool(own)

    def _is_own(self, port: int) -> bool:
        wanted = self._process.environment.get("PORT")
        return wanted is None or port == int(wanted)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        return self._process.popen

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def terminate(self) -> int:
        """Ask for an orderly end (SIGTERM) and wait for it; gives the exit code."""
        return self._process.terminate()

    def kill(self) -> None:
        """End the process without any warning (SIGKILL), as a power cut would."""
        self._process.kill()

    def freeze(self) -> None:
        """SIGSTOP: connections stay, and nothing answers, until `thaw()`."""
        self._process.freeze()

    def thaw(self) -> None:
        self._process.thaw()

    def restart(self) -> None:
        self.terminate()
        self.start()

    def close(self) -> None:
        """The end of the test: stop whatever still runs, and forget the data."""
        if self._process.is_running:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"SIGTERM did not end the server:\n{self.log}") from None
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def bind_by_permissions(self) -> None:
        """From the next start on, let the modes of files bind the process even if we are root."""
        if os.geteuid() == 0:
            self._process.before_exec = drop_dac_override

    # ---- what can be seen of it ----------------------------------------------------------------

    @property
    def port(self) -> int:
        return self._port

    def port_for(self, who: str) -> int:
        return self._port

    @property
    def written(self) -> Log:
        return self._process.log

    @property
    def memory(self) -> int:
        """Resident bytes of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024
