"""`POST /api/v1/devices/NAME/readings`: every refusal."""

import pytest

from devices.intake.shapes import BODY_MAX, READINGS_MAX
from tests.devices.api.refusals import refused
from tests.devices.hardware import Hardware, new_device, now
from tests.http import request

pytestmark = pytest.mark.embedded("a refusal is the same everywhere")

# ---- 400: nothing is stored -------------------------------------------------------------------

AT = 1_763_631_000
GOOD = {"value": 1, "time": AT}
TOO_MANY = [{"value": 1, "time": AT + index} for index in range(READINGS_MAX + 1)]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("", "must be JSON"),
        ("{", "must be JSON"),
        ("[" * 100_000, "must be JSON"),
        ('{"value": 1' + "0" * 5_000 + "}", "must be JSON"),
        ("7", "must be a reading"),
        ("null", "must be a reading"),
        ([], "1 to 1,000 readings"),
        (TOO_MANY, "1 to 1,000 readings"),
        ({"readings": []}, "“readings” must hold 1 to 1,000 readings"),
        ({"readings": {}}, "“readings” must hold"),
        ({"readings": [GOOD], "unit": "°C"}, "“unit” is unknown"),
        ([GOOD, 3], "“[1]” must be a reading"),
        ({"readings": [GOOD, None]}, "“readings[1]” must be a reading"),
        ({}, "“value” is missing"),
        ([GOOD, {"time": AT}], "“[1].value” is missing"),
        ({"value": "21"}, "“value” must be a number"),
        ({"value": None}, "“value” must be a number"),
        ({"value": True}, "“value” must be a number"),
        ({"value": [1]}, "“value” must be a number"),
        ('{"value": NaN}', "“value” must be a finite number"),
        ('{"value": -Infinity}', "“value” must be a finite number"),
        ('{"value": 1e999}', "“value” must be a finite number"),
        ('{"value": 1' + "0" * 400 + "}", "“value” must be a finite number"),
        ('[{"value": 1}, {"value": NaN}]', "“[1].value” must be a finite number"),
        ({"value": 120.1}, "“value” must be from -20 to 120 °C"),
        ({"value": -20.1}, "“value” must be from -20 to 120 °C"),
        ({"value": 1, "unit": "°F"}, "“unit” must be “°C”"),
        ({"value": 1, "unit": ["°C"]}, "“unit” must be “°C”"),
        ({"value": 1, "unit": "\ud800"}, "“unit” must be “°C”"),
        ({"value": 1, "humidity": 60}, "“humidity” is unknown"),
        ({"value": 1, "\ud800": 60}, "“…” is unknown"),
        ({"value": 1, "x" * 1_000: 60}, "“…” is unknown"),
        ({"readings": [GOOD, {**GOOD, "Time": 3}]}, "“readings[1].Time” is unknown"),
        ({"value": 1, "time": "yesterday"}, "“time” must be a time"),
        ({"value": 1, "time": "2026-11-20T09:30:00"}, "“time” must be a time"),
        ({"value": 1, "time": "9999-12-31T23:59:59-23:59"}, "“time” must be a time"),
        ({"value": 1, "time": True}, "“time” must be a time"),
        ({"value": 1, "time": {}}, "“time” must be a time"),
        ('{"value": 1, "time": NaN}', "“time” must be a time"),
        ('{"value": 1, "time": 1e300}', "“time” must be a time"),
        ({"value": 1, "time": 0}, "“time” must not be before 2000"),
        ({"value": 1, "time": 946_684_799.9}, "“time” must not be before 2000"),
        ({"value": 1, "time": 9e9}, "“time” must not be more than 60 s ahead"),
        ([GOOD, {"value": 2, "time": AT}], "“[1].time” must differ"),
        ([{"value": 1}, {"value": 2}], "“[1].time” must differ"),
        ({"readings": [*TOO_MANY[:500], {"value": "x"}]}, "“readings[500].value”"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_and_nothing_is_stored(boiler, body, detail):
    assert detail in refused(await boiler.post(body), 400, "invalid")
    assert boiler.readings() == []


async def test_a_time_a_little_too_far_ahead_is_refused(boiler):
    assert "60 s ahead" in refused(
        await boiler.post({"value": 1, "time": now() + 75}), 400, "invalid"
    )


@pytest.mark.parametrize(
    ("fields", "detail"),
    [({"lowest": 0.0}, "at least 0 °C"), ({"highest": 0.5}, "at most 0.5 °C")],
)
async def test_one_bound_is_told_alone(server, fields, detail):
    device = new_device(server, **fields)
    value = -1 if "lowest" in fields else 1
    assert detail in refused(await device.post({"value": value}), 400, "invalid")


async def test_a_body_that_is_too_large_is_refused(boiler):
    detail = refused(await boiler.post(" " * BODY_MAX + "{}"), 400, "invalid")
    assert str(BODY_MAX) in detail


async def test_another_content_type_is_refused(boiler):
    answer = await boiler.post({"value": 1}, **{"Content-Type": "text/plain"})
    assert "application/json" in refused(answer, 400, "invalid")


# ---- 401, 403, 405 ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credential", ["", "Bearer", "Bearer  ", "Basic x", "Bearer ü", "Bearer no"]
)
async def test_who_does_not_prove_to_be_a_device_learns_nothing(server, boiler, credential):
    hidden = new_device(server, visible_to_all=False)
    nobody = Hardware(server, "nobody", "")
    details = {
        refused(
            await device.post({"value": 1}, Authorization=credential.encode().decode("latin-1")),
            401,
            "unauthenticated",
        )
        for device in (boiler, hidden, nobody)
    }
    assert len(details) == 1
    assert boiler.readings() == []


async def test_a_persons_token_is_no_devices(server, boiler):
    alice = server.person("alice")
    answer = await boiler.post({"value": 1}, Authorization=f"Bearer {alice.token}")
    refused(answer, 401, "unauthenticated")


async def test_a_session_is_no_token(server, boiler):
    cookie = f"sessionid={server.session(server.person('alice'))}"
    answer = await boiler.post({"value": 1}, Authorization="", Cookie=cookie)
    refused(answer, 401, "unauthenticated")


async def test_a_token_is_good_for_its_own_device_alone(server, boiler):
    other = new_device(server)
    for name in (other.name, "nobody"):
        answer = await Hardware(server, name, boiler.token).post({"value": 1})
        assert "another device" in refused(answer, 403, "forbidden")
    assert other.readings() == []


async def test_a_device_that_is_switched_off_reports_nothing(server):
    device = new_device(server, enabled=False)
    assert "switched off" in refused(await device.post({"value": 1}), 403, "forbidden")
    assert device.readings() == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(server, boiler, method):
    answer = await request(server, method, boiler.path)
    assert "GET or POST" in refused(answer, 405, "invalid")
    assert answer.headers["Allow"] == "GET, POST"
