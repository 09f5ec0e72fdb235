"""Brokers, and installations whose devices report to them: one process and many."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.chat.conftest import EMBEDDED, pytest_generate_tests
from tests.installation import Installation
from tests.services.fixtures import running
from tests.services.mosquitto import Mosquitto, program

__all__ = ["pytest_generate_tests"]

NO_MOSQUITTO = "Mosquitto is not installed here; on Debian: apt install mosquitto"
TALKATIVE = {"LOG_LEVEL": "info"}
READY = "devices can report"
"""What the log says once the broker keeps what is published."""
WITHIN = 60.0
INTERVAL = 0.05
Make = Callable[..., Installation]


@pytest.fixture(scope="module")
def mosquitto(topology: str) -> Iterator[Mosquitto]:
    """One for each: the two have the same SECRET_KEY, and so would have one session there."""
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
def bridged(topology: str, mosquitto: Mosquitto, request: pytest.FixtureRequest) -> Installation:
    """An installation for all tests of a module, whose bridge is there."""
    installation = _make(topology, request, "module")(MQTT_URL=mosquitto.url, **TALKATIVE)
    await_bridge(installation)
    return installation


@pytest.fixture
def own_bridged(topology: str, request: pytest.FixtureRequest) -> Make:
    """`own_bridged(MQTT_URL=…)`: an installation of one's own, to be killed, starved …"""
    make = _make(topology, request, "own")

    def start(**environment: str) -> Installation:
        installation = make(**TALKATIVE, **environment)
        await_bridge(installation)
        return installation

    return start


def await_bridge(installation: Installation, since: int = 0) -> None:
    """Return once one says that it is there, in the log after `since` bytes."""
    end = time.monotonic() + WITHIN
    while READY not in installation.log_since(since):
        assert time.monotonic() < end, "There is no bridge."
        time.sleep(INTERVAL)


def _make(topology: str, request: pytest.FixtureRequest, scope: str) -> Make:
    if topology == EMBEDDED:
        server: Make = request.getfixturevalue(f"{scope}_server")
        return server
    cluster: Make = request.getfixturevalue(f"{scope}_cluster")
    return lambda **environment: cluster(background=True, **environment)
