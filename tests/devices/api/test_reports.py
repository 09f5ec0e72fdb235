"""`POST /api/v1/devices/NAME/readings`: what is stored, once, and every refusal."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from chat.protocol import format_time, parse_time
from devices.intake.shapes import BODY_MAX, READINGS_MAX
from devices.intake.taking import READINGS_BURST, READINGS_PER_SECOND
from devices.models import Device
from tests.devices.api.refusals import refused
from tests.devices.hardware import Hardware, new_device, now
from tests.http import request
from tests.waiting import until

SOON = timedelta(seconds=20)
"""A test may take so long, and “now” is then still now."""


def taken(answer) -> tuple[int, int]:
    """How many were new, and how many were there already."""
    assert answer.status == 200, answer.body
    found = json.loads(answer.body)
    assert set(found) == {"stored", "repeated"}
    return found["stored"], found["repeated"]


def is_now(text: str) -> bool:
    return abs(datetime.now(UTC) - parse_time(text)) < SOON


# ---- what is stored ---------------------------------------------------------------------------


async def test_a_reading_without_a_time_is_of_now(boiler):
    assert taken(await boiler.post({"value": 21.4})) == (1, 0)
    [(value, at)] = boiler.readings()
    assert value == 21.4
    assert is_now(at)


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("2026-11-20T09:30:00Z", "2026-11-20T09:30:00.000Z"),
        ("2026-11-20T10:30:00.12345+01:00", "2026-11-20T09:30:00.123Z"),
        (1_763_631_000, "2025-11-20T09:30:00.000Z"),
        (1_763_631_000.125, "2025-11-20T09:30:00.125Z"),
        (946_684_800, "2000-01-01T00:00:00.000Z"),
    ],
)
async def test_a_reading_is_of_its_time(boiler, time, at):
    assert taken(await boiler.post({"value": 1, "unit": "°C", "time": time})) == (1, 0)
    assert boiler.readings() == [(1, at)]


@pytest.mark.parametrize("form", [lambda many: many, lambda many: {"readings": many}])
async def test_many_are_stored_in_their_order(boiler, form):
    at = int(now()) - 5_000
    many = [{"value": index % 100, "time": at + index} for index in range(READINGS_MAX)]
    assert taken(await boiler.post(form(many))) == (READINGS_MAX, 0)
    assert boiler.values() == [index % 100 for index in range(READINGS_MAX)]


async def test_it_may_come_out_of_order(server, boiler):
    at = now() - 1_000
    for value in (3, 1, 2):
        await boiler.post({"value": value, "time": at + value})
    assert boiler.values() == [3, 1, 2]
    device = server.database.call(lambda: Device.objects.get(pk=boiler.name))
    assert device.last_value == 3


@pytest.mark.parametrize("ahead", [5, 55])
async def test_a_clock_a_little_ahead_counts_as_now(boiler, ahead):
    body = {"value": 1, "time": now() + ahead}
    assert taken(await boiler.post(body)) == (1, 0)
    assert taken(await boiler.post(body)) == (0, 1)
    [(_, at)] = boiler.readings()
    assert is_now(at)
    assert parse_time(at) <= datetime.now(UTC)


@pytest.mark.parametrize("value", [-20, 120, 0, -0.0, 1e-9, 21.123456789])
async def test_values_up_to_the_bounds(boiler, value):
    assert taken(await boiler.post({"value": value, "unit": None, "time": None})) == (1, 0)
    assert boiler.values() == [pytest.approx(value, abs=1e-4)]


async def test_without_bounds_any_value_up_to_a_billion(server):
    meter = new_device(server, "meter", unit="kWh")
    for value in (1e9, -1e9, 10**9 - 1):
        assert taken(await meter.post({"value": value, "time": now() - value % 97})) == (1, 0)
    for value in (1.000001e9, -1.7e308, 10**15):
        detail = refused(await meter.post({"value": value}), 400, "invalid")
        assert detail == "“value” must be from -1000000000 to 1000000000."


# ---- once -------------------------------------------------------------------------------------


async def test_what_comes_again_is_stored_once(boiler):
    at = now() - 10
    assert taken(await boiler.report(1, 2, at=at)) == (2, 0)
    assert taken(await boiler.report(1, 2, at=at)) == (0, 2)
    assert taken(await boiler.report(1, 2, 3, at=at)) == (1, 2)
    assert boiler.values() == [1, 2, 3]


async def test_a_report_from_two_places_at_once_is_stored_once(boiler):
    at = now() - 100
    answers = await asyncio.gather(*(boiler.report(*range(50), at=at) for _ in range(6)))
    assert all(sum(taken(answer)) == 50 for answer in answers)
    assert sorted(boiler.values()) == list(range(50))


async def test_the_same_twice_in_one_report_is_once(boiler):
    at = now() - 10
    again = {"value": 1, "time": at}
    assert taken(await boiler.post([again, again, {"value": 2, "time": at + 1}])) == (2, 1)
    assert boiler.values() == [1, 2]


async def test_a_report_that_was_cut_off_is_completed(own_server):
    """Killed while it stores a thousand; what is there stays, and the rest comes with a repeat."""
    server = own_server()
    boiler, at = new_device(server), int(now()) - 5_000
    many = [{"value": index, "time": at + index} for index in range(READINGS_MAX)]
    posting = asyncio.create_task(boiler.post(many))
    await until(lambda: boiler.values() or posting.done())
    server.kill()
    await asyncio.wait([posting])
    posting.exception()
    before = len(boiler.values())
    server.start()
    assert taken(await boiler.post(many)) == (READINGS_MAX - before, before)
    assert sorted(boiler.values()) == list(range(READINGS_MAX))


async def test_another_value_for_a_stored_time_is_a_conflict_and_the_others_are_stored(boiler):
    at = datetime.now(UTC) - timedelta(minutes=1)
    await boiler.post({"value": 1, "time": format_time(at)})
    detail = refused(
        await boiler.post(
            [{"value": 2, "time": format_time(at)}, {"value": 3, "time": now() - 10}]
        ),
        409,
        "conflict",
    )
    assert format_time(at) in detail
    assert "1 other is stored" in detail
    assert boiler.values() == [1, 3]


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


async def test_a_time_just_too_far_ahead_is_refused(boiler):
    assert "60 s ahead" in refused(
        await boiler.post({"value": 1, "time": now() + 62}), 400, "invalid"
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


# ---- 401, 403, 405, 429 -----------------------------------------------------------------------


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


async def test_a_devices_name_is_compared_without_case(server, boiler):
    shouted = Hardware(server, boiler.name.upper(), boiler.token)
    assert taken(await shouted.post({"value": 1})) == (1, 0)


async def test_a_device_that_is_switched_off_reports_nothing(server):
    device = new_device(server, enabled=False)
    assert "switched off" in refused(await device.post({"value": 1}), 403, "forbidden")
    assert device.readings() == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods_are_refused(server, boiler, method):
    answer = await request(server, method, boiler.path)
    assert "GET or POST" in refused(answer, 405, "invalid")
    assert answer.headers["Allow"] == "GET, POST"


async def test_a_device_that_reports_too_much_is_told_when_to_come_again(server, boiler):
    """Two processes settle what it has used within a moment; until then each has the burst."""
    other, at = new_device(server), int(now()) - 10_000
    for number in range(2 * int(READINGS_BURST // READINGS_MAX) + 1):
        begin = at + number * READINGS_MAX
        answer = await boiler.report(*[1] * READINGS_MAX, at=begin)
        if answer.status != 200:
            break
    refused(answer, 429, "rate_limited")
    assert number >= READINGS_BURST // READINGS_MAX
    seconds = (READINGS_MAX + READINGS_BURST) / READINGS_PER_SECOND
    assert 0 < int(answer.headers["Retry-After"]) <= seconds
    assert len(boiler.readings()) == number * READINGS_MAX
    assert taken(await other.post({"value": 1})) == (1, 0)
