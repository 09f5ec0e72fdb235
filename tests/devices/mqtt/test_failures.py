"""Whatever dies, no reading that the broker took is lost, and none is stored twice."""

import time
from pathlib import Path

import pytest

from tests.database import Database
from tests.devices.hardware import new_device, now
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge
from tests.devices.mqtt.publishing import WITHIN, publish, reading, stored
from tests.waiting import until

MANY = 1_000
"""Readings in one report: three attempts would be more than a device may report at once."""
OUTAGE = 6.0
"""Seconds, in which it is tried more often than that."""


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


@pytest.mark.embedded("its databases are the same, on a server that may be killed")
async def test_while_the_store_is_away_readings_wait(
    topology, own_server, own_mosquitto, postgres, migrated_postgres, django_db_blocker
):
    broker, url = own_mosquitto(), postgres.new_database(migrated_postgres)
    server = own_server(DATABASE_URL=url, MQTT_URL=broker.url, **TALKATIVE)
    server.database = Database(Path(), django_db_blocker, url)
    await_bridge(server)
    boiler, at = new_device(server, mqtt=True), now() - 2 * MANY
    before = server.log_length
    postgres.kill()
    try:
        await publish(broker, boiler, [reading(value, at + value) for value in range(MANY)])
        await until(lambda: "wait for the store" in server.log_since(before), WITHIN)
        end = time.monotonic() + OUTAGE
        await until(lambda: time.monotonic() > end, WITHIN)
    finally:
        postgres.start()
    await stored(boiler, *range(MANY))
    assert "refused" not in server.log_since(before)
