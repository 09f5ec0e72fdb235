"""Devices and people on a database, and processes that look after them."""

import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.models import Account, Conversation
from chat.protocol import Message
from chat.store import store
from devices.ids import feed_of, milliseconds
from devices.models import Device
from tests.database import Database
from tests.server import ENVIRONMENT, PROJECT

ENGINES = ("sqlite", "postgres")
on_each_engine = pytest.mark.parametrize("own_household", ENGINES, indirect=True)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENDS_WITHIN = 60
"""Seconds; on a quiet machine it is one."""


class Program:
    """A process of `tests.devices.program`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.devices.program"],
            cwd=PROJECT, env={**ENVIRONMENT, **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def begin(self, function: str, *arguments: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([function, *arguments]) + "\n")
        self._process.stdin.flush()

    def result(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "it died"
        return json.loads(line)

    def do(self, function: str, *arguments: Any) -> Any:
        self.begin(function, *arguments)
        return self.result()

    def died(self) -> int:
        """Wait until it has; gives its exit code."""
        return self._process.wait(ENDS_WITHIN)

    def close(self) -> str:
        """End it; gives what it logged."""
        return self._process.communicate(timeout=ENDS_WITHIN)[1]


class Household:
    """Where devices and people are, and how to look after them."""

    def __init__(self, database: Database, environment: dict[str, str]) -> None:
        self._database = database
        self._environment = environment
        self._programs: list[Program] = []

    def program(self, **environment: str) -> Program:
        """A process of one's own, with more in its environment."""
        self._programs.append(Program({**self._environment, **environment}))
        return self._programs[-1]

    def close(self) -> None:
        """End all programs; none may have shown a traceback."""
        logs = [program.close() for program in self._programs]
        assert "Traceback" not in "".join(logs), logs

    def call(self, work: Any) -> Any:
        """`work()` with the ORM on the database."""
        return self._database.call(work)

    def person(self, name: str, **fields: Any) -> str:
        return self.call(lambda: _account(name, **fields).name)

    def device(self, **fields: Any) -> str:
        def make() -> str:
            account = _account("sensor", kind=Account.Kind.DEVICE, title="Cellar")
            Conversation.objects.create(id=feed_of(account.name), kind=Conversation.Kind.DEVICE)
            Device.objects.create(account=account, **{"unit": "°C", "epoch": NOON, **fields})
            return account.name

        return self.call(make)

    def now(self, device: str) -> Device:
        found: Device = self.call(lambda: Device.objects.get(pk=device))
        return found

    def messages(self, conversation: str, kind: str = "") -> list[Message]:
        found = self.call(lambda: store.after(conversation, 0, 10_000))
        return [message for message in found if kind in ("", message.kind)]


def _account(name: str, **fields: Any) -> Account:
    return Account.objects.create(name=f"{name}-{uuid.uuid4().hex[:8]}", **fields)


def reading(value: float, at: datetime) -> list[Any]:
    """For the program; its id is that of its time."""
    return [value, at.isoformat(), f"at:{milliseconds(at)}"]


def readings(*values: float, start: datetime = NOON, every: float = 100) -> list[list[Any]]:
    step = timedelta(seconds=every)
    return [reading(value, start + number * step) for number, value in enumerate(values)]
