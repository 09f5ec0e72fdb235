"""One of the workers is the bridge: what becomes of readings when it stops, dies or hangs."""

import asyncio
import os
import signal

import pytest

from chatproject.models import Lease
from devices.mqtt.hosting import LEASE
from tests.cluster.cluster import Cluster
from tests.devices.hardware import Hardware, new_device, now
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge
from tests.devices.mqtt.publishing import WITHIN, publish, reading, stored
from tests.services.mosquitto import Mosquitto
from tests.waiting import until

READINGS = 60


@pytest.fixture
def broker(own_mosquitto) -> Mosquitto:
    found: Mosquitto = own_mosquitto()
    return found


@pytest.fixture
def cluster(own_cluster, broker) -> Cluster:
    found: Cluster = own_cluster(background=True, MQTT_URL=broker.url, **TALKATIVE)
    await_bridge(found)
    return found


async def keep_publishing(broker, device: Hardware, at: float) -> None:
    for value in range(READINGS):
        await publish(broker, device, reading(value, at + value))
        await asyncio.sleep(0.05)


def holder(cluster: Cluster) -> int:
    """The pid of the worker that is the bridge."""
    who: str = cluster.database.call(lambda: Lease.objects.get(name=LEASE).holder)
    return int(who.split(":")[-2])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
async def test_another_worker_takes_over_and_no_reading_is_lost(cluster, broker, number):
    boiler, first = new_device(cluster, mqtt=True), holder(cluster)
    assert first in [worker.popen.pid for worker in cluster.workers]
    publishing = asyncio.create_task(keep_publishing(broker, boiler, now() - 1_000))
    await until(lambda: len(boiler.values()) > READINGS // 10, WITHIN)
    os.kill(first, number)
    await publishing
    await stored(boiler, *range(READINGS))
    assert holder(cluster) != first
    if number == signal.SIGSTOP:
        os.kill(first, signal.SIGCONT)
        await publish(broker, boiler, reading(-1, now()))
        await stored(boiler, -1, *range(READINGS))
