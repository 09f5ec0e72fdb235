"""Whatever dies, no reading that the broker took is lost, and none is stored twice."""

import time
from pathlib import Path
from typing import Any

import pytest

from devices.intake.shapes import READINGS_MAX
from devices.intake.taking import READINGS_BURST
from tests.database import Database
from tests.devices.hardware import new_device, now
from tests.devices.mqtt.conftest import TALKATIVE, await_bridge
from tests.devices.mqtt.publishing import WITHIN, publish, reading, stored
from tests.waiting import until

MANY = READINGS_MAX
"""Readings in one report."""
OUTAGE = 6.0
"""Seconds, in which it is tried more than once."""
BACKLOG = 5 * READINGS_MAX
"""Readings that wait: more than READINGS_BURST, and what comes back in the meantime."""


@pytest.mark.parametrize("end", ["kill", "terminate"])
async def test_what_is_published_while_the_installation_is_down_is_stored_later(
    bridged, mosquitto, end
):
    boiler, at = new_device(bridged, mqtt=True), now() - 100
    await publish(mosquitto, boiler, reading(1, at))
    await stored(boiler, 1)
    getattr(bridged, end)()
    try:
        await publish(mosquitto, boiler, reading(2, at + 1), reading(3, at + 2))
    finally:
        bridged.start()
    await stored(boiler, 1, 2, 3)


async def test_a_backlog_of_more_than_a_device_may_report_at_once_is_stored(bridged, mosquitto):
    boiler, other = new_device(bridged, mqtt=True), new_device(bridged, mqtt=True)
    at, before = now() - BACKLOG, bridged.log_length
    many = [reading(value, at + value) for value in range(BACKLOG)]
    bridged.terminate()
    try:
        await publish(mosquitto, boiler, *in_reports(many))
        await publish(mosquitto, other, reading(1, at))
    finally:
        bridged.start()
    await stored(other, 1)
    await stored(boiler, *range(BACKLOG))
    assert "refused" not in bridged.log_since(before)


async def test_of_what_is_not_promised_a_device_may_report_as_much_as_by_http(bridged, mosquitto):
    boiler, at, before = new_device(bridged, mqtt=True), now() - BACKLOG, bridged.log_length
    many = [reading(value, at + value) for value in range(BACKLOG)]
    await publish(mosquitto, boiler, *in_reports(many), qos=0)
    told = f"for {boiler.name}: it was refused (rate_limited)"
    await until(lambda: told in bridged.log_since(before), WITHIN)
    await stored(boiler, *range(int(READINGS_BURST)))


def in_reports(readings: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """As few as can be."""
    parts = range(0, len(readings), READINGS_MAX)
    return [readings[begin : begin + READINGS_MAX] for begin in parts]


async def test_retained_readings_come_again_and_are_stored_once(bridged, mosquitto):
    boiler, at = new_device(bridged, mqtt=True), now() - 100
    await publish(mosquitto, boiler, reading(1, at), retain=True)
    await stored(boiler, 1)
    bridged.restart()
    await publish(mosquitto, boiler, reading(2, at + 1))
    await stored(boiler, 1, 2)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_a_broker_that_comes_back_is_found(bridged, mosquitto, end):
    boiler, at = new_device(bridged, mqtt=True), now() - 100
    await publish(mosquitto, boiler, reading(1, at))
    await stored(boiler, 1)
    before = bridged.log_length
    getattr(mosquitto, end)()
    mosquitto.start()
    await_bridge(bridged, before)
    await publish(mosquitto, boiler, reading(2, at + 1))
    await stored(boiler, 1, 2)
    assert "Traceback" not in bridged.log_since(before)


async def test_a_broker_that_is_not_there_at_the_start_is_found(bridged, mosquitto):
    boiler = new_device(bridged, mqtt=True)
    bridged.terminate()
    mosquitto.stop()
    try:
        before = bridged.log_length
        bridged.start()
        await until(lambda: "broker is away" in bridged.log_since(before), WITHIN)
    finally:
        mosquitto.start()
    await_bridge(bridged, before)
    await publish(mosquitto, boiler, reading(1, now()))
    await stored(boiler, 1)


async def test_while_the_store_is_away_readings_wait(
    own_server, own_mosquitto, postgres, migrated_postgres, django_db_blocker
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
