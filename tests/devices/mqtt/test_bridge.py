"""What devices publish is stored as if it had come by HTTP; what is wrong is told to the log."""

import pytest

from devices.ids import feed_of
from devices.intake.shapes import BODY_MAX
from tests.devices.hardware import Hardware, new_device, now
from tests.devices.mqtt.publishing import publish, reading, stored
from tests.waiting import until

SECRET = 40.625
"""A value that no log may have."""


@pytest.fixture
def boiler(bridged) -> Hardware:
    return new_device(bridged, mqtt=True)


async def test_what_is_published_is_stored(mosquitto, boiler):
    at = now() - 10
    await publish(mosquitto, boiler, reading(21.5, at), reading(22.0, at + 1, unit="°C"))
    await stored(boiler, 21.5, 22.0)


async def test_many_at_once_are_stored(mosquitto, boiler):
    at = now() - 10
    batch = {"readings": [reading(value, at + value) for value in range(5)]}
    await publish(mosquitto, boiler, batch)
    await stored(boiler, 0, 1, 2, 3, 4)


async def test_what_comes_again_is_stored_once(mosquitto, boiler):
    at = now() - 10
    await publish(mosquitto, boiler, reading(1, at), reading(1, at), reading(2, at + 1))
    await stored(boiler, 1, 2)


async def test_subscribers_see_it_at_once(bridged, mosquitto, boiler):
    alice = bridged.person("alice")
    feed = feed_of(boiler.name)
    async with bridged.connect(alice) as client:
        await client.send_text(boiler.name, "subscribe")
        await client.expect("conversation", conversation={"id": feed})
        await publish(mosquitto, boiler, reading(21.5, now()))
        frame = await client.expect("message", message={"kind": "reading"})
    assert frame["message"]["body"] == "21.5 °C"
    assert frame["message"]["conversation"] == feed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"value": SECRET}, "time"),
        ({"value": str(SECRET), "time": 1.7e9}, "value"),
        ('{"value": NaN, "time": 1.7e9}', "value"),
        ({"value": SECRET, "time": 1.7e9, "unit": "bananas"}, "unit"),
        ({"value": SECRET, "time": 1.7e9, "bananas": 1}, "…"),
        ({"readings": [reading(1, 1.7e9), {"value": SECRET, "time": 9e9}]}, r"readings[1].time"),
        ("bananas", "invalid"),
        ("", "invalid"),
        ("x" * (BODY_MAX + 1), "invalid"),
    ],
)
async def test_what_is_wrong_is_told_by_its_kind_and_hinders_nothing(
    bridged, mosquitto, boiler, body, kind
):
    before = bridged.log_length
    await publish(mosquitto, boiler, body, reading(1, now()))
    await stored(boiler, 1)
    said = bridged.log_since(before)
    assert f"for {boiler.name}: it was refused ({kind})" in said
    assert str(SECRET) not in said
    assert "bananas" not in said


async def test_another_value_for_the_same_time_is_refused(bridged, mosquitto, boiler):
    at = now() - 10
    before = bridged.log_length
    await publish(mosquitto, boiler, reading(1, at), reading(2, at), reading(3, at + 1))
    await stored(boiler, 1, 3)
    refused = f"for {boiler.name}: it was refused (conflict)"
    await until(lambda: refused in bridged.log_since(before))


@pytest.mark.parametrize("fields", [{"mqtt": False}, {"mqtt": True, "enabled": False}])
async def test_devices_that_may_not_are_refused(bridged, mosquitto, boiler, fields):
    other = new_device(bridged, "other", **fields)
    before = bridged.log_length
    await publish(mosquitto, other, reading(1, now()))
    await publish(mosquitto, boiler, reading(1, now()))
    await stored(boiler, 1)
    assert other.values() == []
    assert f"for {other.name}: no device of this name may report" in bridged.log_since(before)


@pytest.mark.parametrize("name", ["no-such-device", "Not A Name", "ü", "x" * 200])
async def test_names_that_are_nobodys_are_refused(bridged, mosquitto, boiler, name):
    before = bridged.log_length
    await publish(mosquitto, name, reading(1, now()))
    await publish(mosquitto, boiler, reading(1, now()))
    await stored(boiler, 1)
    said = bridged.log_since(before)
    assert name not in said or name == "no-such-device"


async def test_the_log_is_not_flooded(bridged, mosquitto, boiler):
    before = bridged.log_length
    await publish(mosquitto, boiler, *["bananas"] * 50, reading(1, now()))
    await stored(boiler, 1)
    assert bridged.log_since(before).count(boiler.name) <= 6
