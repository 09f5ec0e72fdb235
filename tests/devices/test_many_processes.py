"""Two beats and two workers: one of them makes each reading, one takes what the broker has, and
what becomes of both when it stops, dies or hangs."""

import asyncio
import os
import signal
from datetime import timedelta

import pytest

from chatproject.models import Lease
from devices.ids import feed_of
from devices.mqtt.hosting import LEASE
from tests.cluster.cluster import Cluster
from tests.devices import test_thermometer as thermometer
from tests.devices.hardware import Hardware, new_device, now
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge, mosquitto
from tests.devices.mqtt.publishing import WITHIN, publish, reading, stored
from tests.waiting import until

__all__ = ["mosquitto"]
READINGS = 60
INTERVAL = timedelta(seconds=1)
"""Of the thermometer: with less, beats and workers are always busy with it."""


@pytest.fixture(scope="module")
def shared(module_cluster, mosquitto) -> Cluster:
    found: Cluster = module_cluster(
        background=True,
        MQTT_URL=mosquitto.url,
        THERMOMETER_INTERVAL=str(INTERVAL.total_seconds()),
        **TALKATIVE,
    )
    await_bridge(found)
    return found


@pytest.fixture
def cluster(shared) -> Cluster:
    """With both workers and beats, whatever a test before did to one."""
    for process in (*shared.workers, *shared.beats):
        if not process.is_running:
            process.launch()
    return shared


async def test_each_reading_is_made_by_one(cluster):
    async with (
        thermometer.subscribed(cluster) as alice,
        thermometer.subscribed(cluster, "bob") as bob,
    ):
        await alice.read(4)
        cluster.workers[0].kill()
        await alice.read(4)
        cluster.workers[0].start()
        cluster.beats[1].kill()
        await alice.read(4)
        await bob.read(10)
    for readings in (alice.readings, bob.readings):
        assert [one["seq"] for one in readings] == list(
            range(readings[0]["seq"], readings[-1]["seq"] + 1)
        )
        assert min(thermometer.steps(readings, INTERVAL)) >= 1
    thermometer.check_feed(cluster)
    await thermometer.until_all_is_counted(cluster)
    counted = thermometer.digested(cluster)
    assert counted <= len(thermometer.stored(cluster)), "none is counted twice"


async def test_a_report_comes_to_its_subscribers_and_is_stored_once(cluster, mosquitto):
    boiler, alice = new_device(cluster, mqtt=True), cluster.person("alice")
    async with cluster.connect(alice) as client:
        await client.send_text(boiler.name, "subscribe")
        await client.expect("conversation", conversation={"id": feed_of(boiler.name)})
        at = now() - 10
        await publish(mosquitto, boiler, reading(21.5, at), reading(21.5, at), reading(22, at + 1))
        for body in ("21.5 °C", "22 °C"):
            await client.expect("message", message={"kind": "reading", "body": body})
    await stored(boiler, 21.5, 22)


async def keep_publishing(broker, device: Hardware, at: float) -> None:
    for value in range(READINGS):
        await publish(broker, device, reading(value, at + value))
        await asyncio.sleep(0.05)


def holder(cluster: Cluster) -> int:
    """The pid of the worker that is the bridge."""
    who: str = cluster.database.call(lambda: Lease.objects.get(name=LEASE).holder)
    return int(who.split(":")[-2])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
async def test_another_worker_takes_over_and_no_reading_is_lost(cluster, mosquitto, number):
    boiler, first = new_device(cluster, mqtt=True), holder(cluster)
    (victim,) = [worker for worker in cluster.workers if worker.popen.pid == first]
    publishing = asyncio.create_task(keep_publishing(mosquitto, boiler, now() - 1_000))
    await until(lambda: len(boiler.values()) > READINGS // 10, WITHIN)
    os.kill(first, number)
    await publishing
    await stored(boiler, *range(READINGS))
    assert holder(cluster) != first
    if number != signal.SIGSTOP:
        await until(lambda: not victim.is_running, WITHIN)  # the next test starts it again
    else:
        os.kill(first, signal.SIGCONT)
        await publish(mosquitto, boiler, reading(-1, now()))
        await stored(boiler, -1, *range(READINGS))
