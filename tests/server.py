"""A real server process for tests: `manage.py serve` on a free port, with its own data folder."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from chat.models import Account, Token
from tests.client import Client, open_socket
from tests.database import Database
from tests.settings import NEUTRAL, TEST_SECRET_KEY

PROJECT = Path(__file__).resolve().parent.parent
READY = re.compile(r"http://[^\s:/]+:([1-9]\d*)")
START_SECONDS = 60
STOP_SECONDS = 30
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


@dataclass(frozen=True)
class Person:
    name: str
    token: str


def dm(one: Person, other: Person) -> str:
    """The id of the two's conversation."""
    return ":".join(["dm", *sorted([one.name, other.name])])


class Server:
    """One server process at a time on one data folder, and the ways to end it."""

    command: tuple[str, ...] = SERVE
    """What `manage.py` is given."""

    def __init__(self, database: Database, data_dir: Path, environment: dict[str, str]) -> None:
        self.database = database
        self.data_dir = data_dir
        self.port = 0
        self._environment = environment
        self._before_start: Callable[[], None] | None = None
        self._process: subprocess.Popen[str] | None = None
        self._log: list[str] = []

    # ---- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start, and return once the server says where it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", *self.command],
            cwd=PROJECT,
            env={**os.environ, **ENVIRONMENT, "DATA_DIR": str(self.data_dir), **self._environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=self._before_start,
        )
        ready = threading.Event()
        self.port = 0
        threading.Thread(target=self._follow, args=(self._process, ready), daemon=True).start()
        if not ready.wait(START_SECONDS) or not self.port:
            self.kill()
            raise AssertionError(f"The server did not start:\n{self.log}")

    def _follow(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._log.append(line)
            if not ready.is_set() and (found := READY.search(line)):
                self.port = int(found[1])
                ready.set()
        ready.set()

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the server was not started"
        return self._process

    def terminate(self) -> int:
        """Ask for an orderly end (SIGTERM) and wait for it; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End the process without any warning (SIGKILL), as a power cut would."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def restart(self) -> None:
        self.terminate()
        self.start()

    def close(self) -> None:
        """The end of the test: stop whatever still runs, and forget the data."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"SIGTERM did not end the server:\n{self.log}") from None
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def bind_by_permissions(self) -> None:
        """From the next start on, let the modes of files bind the process even if we are root."""
        if os.geteuid() == 0:
            self._before_start = drop_dac_override

    # ---- what can be seen of it ----------------------------------------------------------------

    @property
    def log(self) -> str:
        return "".join(self._log)

    @property
    def log_length(self) -> int:
        return len(self._log)

    def log_since(self, length: int) -> str:
        return "".join(self._log[length:])

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def memory(self) -> int:
        """Resident bytes of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    # ---- who is there --------------------------------------------------------------------------

    def person(self, name: str, password: str = "", **fields: Any) -> Person:
        """A new account whose name begins with `name`, and a token of it.

        Only with a `password` can it be signed in to by form.
        """
        if password:
            hasher = PBKDF2PasswordHasher()  # of few rounds: the tests need no strength
            fields["password"] = hasher.encode(password, hasher.salt(), iterations=1_000)

        def make() -> Person:
            account = Account(name=f"{name}-{uuid.uuid4().hex[:8]}", **fields)
            account.save(force_insert=True)
            return Person(account.name, Token.objects.issue(account)[1])

        return self.database.call(make)

    def session(self, person: Person) -> str:
        """The key of a new browser session in which `person` is signed in."""
        return self.database.call(lambda: _sign_in(Account.objects.get(pk=person.name)))

    @asynccontextmanager
    async def connect(self, person: Person | None = None, **options: Any) -> AsyncIterator[Client]:
        """A connection that has read its `hello`, closed at the end. See `open_socket`."""
        hello = options.pop("hello", True)
        if person is not None:
            options.setdefault("token", person.token)
        async with open_socket(self.host, **options) as socket:
            client = Client(socket)
            if hello:
                client.hello = await client.expect("hello")
            yield client


def _sign_in(account: Account) -> str:
    from importlib import import_module

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = account.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)
