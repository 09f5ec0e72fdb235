"""A process that does for devices what it is told: `python -m tests.devices.program`.

Each line of its input is a JSON array, the name of a function here and its arguments; each line of
its output is what that function gave. Times are in RFC 3339.
"""

import json
import os
import signal
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import django
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
django.setup()

from chat import outpost  # noqa: E402
from chat.posting import post  # noqa: E402
from devices import digest as digesting  # noqa: E402
from devices import silence, summaries, tasks, ticks  # noqa: E402
from devices.models import Device  # noqa: E402
from devices.readings import Reading, draft, report  # noqa: E402
from devices.visibility import present  # noqa: E402

Given = list[list[Any]]
"""Readings: a value, a time and an id."""


def _device(name: str) -> Device:
    return Device.objects.select_related("account").get(pk=name)


def _readings(given: Given) -> list[tuple[Reading, str]]:
    return [(Reading(value, datetime.fromisoformat(at)), id_) for value, at, id_ in given]


def _said(outcomes: list[Any]) -> list[list[Any]]:
    return [[one.message and one.message.seq, one.error and one.error.code, one.repeated]
            for one in outcomes]  # fmt: skip


def take(name: str, given: Given) -> list[list[Any]]:
    """Report readings. Of each: its seq, or the error's code; and whether it was there before."""
    return _said(report(_device(name), _readings(given)))


def store(name: str, given: Given) -> list[list[Any]]:
    """Store readings and do no more, as a process does that dies then."""
    device = _device(name)
    return _said(post([draft(device, reading, id_) for reading, id_ in _readings(given)]))


def digest(name: str) -> None:
    digesting.digest(_device(name))


def digest_and_die(name: str) -> None:
    """All but the transaction, and there, without any warning, the end."""
    digesting._save = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore
    digest(name)


def digest_and_die_in_it(name: str) -> None:
    """The end in the middle of the transaction, when something is written."""
    add = summaries.add

    def add_and_die(*given: Any) -> None:
        add(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    summaries.add = add_and_die  # type: ignore[assignment]
    digest(name)


def miss(now: str, begun: str) -> list[str]:
    """Tell of the devices that are silent at `now`, for a process that began then."""
    at, since = datetime.fromisoformat(now), datetime.fromisoformat(begun)
    devices = present(Device.objects.all())
    found = [device for device in devices if silence.is_missed(device, at, since)]
    for device in found:
        silence.tell(device, at, since)
    return [device.name for device in found]


def tell_silent(name: str, now: str, begun: str) -> None:
    silence.tell(_device(name), datetime.fromisoformat(now), datetime.fromisoformat(begun))


def tick() -> None:
    tasks.tick()


def tick_while_the_store_stalls(seconds: float) -> None:
    """All is `seconds` later once a reading was made."""
    make, behind = ticks.make, [timedelta(0)]

    def make_slowly(device: Device, slot: int) -> None:
        make(device, slot)
        behind[0] = timedelta(seconds=seconds)

    clock = SimpleNamespace(now=lambda: timezone.now() + behind[0])
    with patch.object(ticks, "make", make_slowly), patch.object(tasks, "timezone", clock):
        tasks.tick()


def hourly() -> None:
    tasks.prune_summaries()
    tasks.forget_answers()


for line in sys.stdin:
    function, *arguments = json.loads(line)
    sys.stdout.write(json.dumps(globals()[function](*arguments)) + "\n")
    sys.stdout.flush()
outpost.stop()
