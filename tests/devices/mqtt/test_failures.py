"""Whatever dies, no reading that the broker took is lost, and none is stored twice."""

import asyncio
import os
import signal

import pytest

from chatproject.models import Lease
from devices.mqtt.hosting import LEASE
from tests.cluster.cluster import Cluster
from tests.devices.hardware import Hardware, new_device, now
from tests.devices.mqtt.conftest import await_bridge
from tests.devices.mqtt.publishing import publish, reading
from tests.services.given import GivenMongo
from tests.waiting import until

WITHIN = 60.0
"""Seconds: a lease may have to run out, and a worker to start."""
READINGS = 60


async def stored(device: Hardware, *values: float) -> None:
    await until(lambda: sorted(device.values()) == sorted(values), WITHIN)


async def test_what_is_published_while_the_installation_is_down_is_stored_later(
    own_bridged, own_mosquitto
):
    broker = own_mosquitto()
    installation = own_bridged(MQTT_URL=broker.url)
    boiler, at = new_device(installation, mqtt=True), now() - 100
    await publish(broker, boiler, reading(1, at))
    await stored(boiler, 1)
    installation.kill()
    await publish(broker, boiler, reading(2, at + 1), reading(3, at + 2))
    installation.start()
    await stored(boiler, 1, 2, 3)
    installation.terminate()
    await publish(broker, boiler, reading(4, at + 3))
    installation.start()
    await stored(boiler, 1, 2, 3, 4)


async def test_retained_readings_come_again_and_are_stored_once(own_bridged, own_mosquitto):
    broker = own_mosquitto()
    installation = own_bridged(MQTT_URL=broker.url)
    boiler, at = new_device(installation, mqtt=True), now() - 100
    await publish(broker, boiler, reading(1, at), retain=True)
    await stored(boiler, 1)
    installation.restart()
    await publish(broker, boiler, reading(2, at + 1))
    await stored(boiler, 1, 2)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_broker_that_comes_back_is_found(own_bridged, own_mosquitto, end):
    broker = own_mosquitto()
    installation = own_bridged(MQTT_URL=broker.url)
    boiler, at = new_device(installation, mqtt=True), now() - 100
    await publish(broker, boiler, reading(1, at))
    await stored(boiler, 1)
    before = installation.log_length
    getattr(broker, end)()
    await until(lambda: "broker is away" in installation.log_since(before), WITHIN)
    broker.start()
    await publish(broker, boiler, reading(2, at + 1))
    await stored(boiler, 1, 2)
    assert "Traceback" not in installation.log_since(before)


async def test_a_broker_that_is_not_there_at_the_start_is_found(request, own_mosquitto, topology):
    broker = own_mosquitto()
    broker.stop()
    if topology == "embedded":
        installation = request.getfixturevalue("own_server")(MQTT_URL=broker.url)
    else:
        installation = request.getfixturevalue("own_cluster")(background=True, MQTT_URL=broker.url)
    await until(lambda: "broker is away" in installation.log, WITHIN)
    broker.start()
    boiler = new_device(installation, mqtt=True)
    await until(lambda: "devices can report" in installation.log, WITHIN)
    await publish(broker, boiler, reading(1, now()))
    await stored(boiler, 1)


async def test_while_the_store_is_away_readings_wait(own_cluster, own_mosquitto, topology):
    if topology == "embedded":
        pytest.skip("a file is not away")
    broker = own_mosquitto()
    cluster: Cluster = own_cluster(background=True, MQTT_URL=broker.url, LOG_LEVEL="info")
    mongo = cluster.backing.mongo
    if isinstance(mongo, GivenMongo):
        pytest.skip("somebody else's MongoDB is not stopped")
    await_bridge(cluster)
    boiler, at = new_device(cluster, mqtt=True), now() - 100
    before = cluster.log_length
    mongo.kill()
    try:
        await publish(broker, boiler, *[reading(value, at + value) for value in range(5)])
        await until(lambda: "wait for the store" in cluster.log_since(before), WITHIN)
    finally:
        mongo.start()
    await stored(boiler, *range(5))


async def keep_publishing(broker, device: Hardware, at: float) -> None:
    for value in range(READINGS):
        await publish(broker, device, reading(value, at + value))
        await asyncio.sleep(0.05)


def holder(cluster: Cluster) -> int:
    """The pid of the worker that is the bridge."""
    who: str = cluster.database.call(lambda: Lease.objects.get(name=LEASE).holder)
    return int(who.split(":")[-2])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
async def test_another_worker_takes_over_and_no_reading_is_lost(
    own_cluster, own_mosquitto, topology, number
):
    if topology == "embedded":
        pytest.skip("one process has nobody to take over")
    broker = own_mosquitto()
    cluster: Cluster = own_cluster(background=True, MQTT_URL=broker.url, LOG_LEVEL="info")
    await_bridge(cluster)
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
