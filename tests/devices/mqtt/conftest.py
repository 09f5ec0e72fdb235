"""Brokers, and a server whose devices report to them; ../test_many_processes.py has a cluster."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.installation import Installation
from tests.server import Server
from tests.services.fixtures import running
from tests.services.mosquitto import Mosquitto, program

NO_MOSQUITTO = "Mosquitto is not installed here; on Debian: apt install mosquitto"
TALKATIVE = {"LOG_LEVEL": "info"}
READY = "devices can report"
"""What the log says once the broker keeps what is published."""
WITHIN = 60.0
INTERVAL = 0.05


@pytest.fixture(scope="module")
def mosquitto() -> Iterator[Mosquitto]:
    """One for a module: all servers have the same SECRET_KEY, and so one session there."""
    if program() is None:
        pytest.skip(NO_MOSQUITTO)
    yield from running(Mosquitto())  # type: ignore[misc]


@pytest.fixture
def own_mosquitto() -> Iterator[Callable[..., Mosquitto]]:
    """Starts a broker for one test, to be restarted, killed …"""
    if program() is None:
        pytest.skip(NO_MOSQUITTO)
    started: list[Mosquitto] = []

    def start(settings: str = "", anonymous: bool = True) -> Mosquitto:
        started.append(Mosquitto(settings, anonymous))
        started[-1].start()
        return started[-1]

    yield start
    for broker in started:
        broker.close()


@pytest.fixture(scope="module")
def bridged(mosquitto: Mosquitto, module_server: Callable[..., Server]) -> Server:
    """A server for all tests of a module, whose bridge is there."""
    server = module_server(MQTT_URL=mosquitto.url, **TALKATIVE)
    await_bridge(server)
    return server


def await_bridge(installation: Installation, since: int = 0) -> None:
    """Return once one says that it is there, in the log after `since` bytes."""
    end = time.monotonic() + WITHIN
    while READY not in installation.log_since(since):
        assert time.monotonic() < end, "There is no bridge."
        time.sleep(INTERVAL)
