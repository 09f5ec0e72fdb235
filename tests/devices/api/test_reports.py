"""`POST /api/v1/devices/NAME/readings`: what is stored, and once."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from chat.protocol import format_time, parse_time
from devices.intake.shapes import READINGS_MAX
from devices.intake.taking import READINGS_BURST, READINGS_PER_SECOND
from devices.models import Device
from tests.devices.api.refusals import refused
from tests.devices.hardware import Hardware, new_device, now
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


@pytest.mark.embedded("what is read of it is the same everywhere")
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


@pytest.mark.embedded("what is read of it is the same everywhere")
@pytest.mark.parametrize("form", [lambda many: many, lambda many: {"readings": many}])
async def test_many_are_stored_in_their_order(boiler, form):
    at = int(now()) - 5_000
    many = [{"value": index % 100, "time": at + index} for index in range(READINGS_MAX)]
    assert taken(await boiler.post(form(many))) == (READINGS_MAX, 0)
    assert boiler.values() == [index % 100 for index in range(READINGS_MAX)]


@pytest.mark.embedded("what is read of it is the same everywhere")
async def test_it_may_come_out_of_order(server, boiler):
    at = now() - 1_000
    for value in (3, 1, 2):
        await boiler.post({"value": value, "time": at + value})
    assert boiler.values() == [3, 1, 2]
    device = server.database.call(lambda: Device.objects.get(pk=boiler.name))
    assert device.last_value == 3


@pytest.mark.embedded("what is read of it is the same everywhere")
@pytest.mark.parametrize("ahead", [5, 55])
async def test_a_clock_a_little_ahead_counts_as_now(boiler, ahead):
    body = {"value": 1, "time": now() + ahead}
    assert taken(await boiler.post(body)) == (1, 0)
    assert taken(await boiler.post(body)) == (0, 1)
    [(_, at)] = boiler.readings()
    assert is_now(at)
    assert parse_time(at) <= datetime.now(UTC)


@pytest.mark.embedded("what is read of it is the same everywhere")
@pytest.mark.parametrize("value", [-20, 120, 0, -0.0, 1e-9, 21.123456789])
async def test_values_up_to_the_bounds(boiler, value):
    assert taken(await boiler.post({"value": value, "unit": None, "time": None})) == (1, 0)
    assert boiler.values() == [pytest.approx(value, abs=1e-4)]


@pytest.mark.embedded("what is read of it is the same everywhere")
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


@pytest.mark.embedded("what is read of it is the same everywhere")
async def test_the_same_twice_in_one_report_is_once(boiler):
    at = now() - 10
    again = {"value": 1, "time": at}
    assert taken(await boiler.post([again, again, {"value": 2, "time": at + 1}])) == (2, 1)
    assert boiler.values() == [1, 2]


@pytest.mark.embedded("what is read of it is the same everywhere")
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


@pytest.mark.embedded("what is read of it is the same everywhere")
async def test_a_devices_name_is_compared_without_case(server, boiler):
    shouted = Hardware(server, boiler.name.upper(), boiler.token)
    assert taken(await shouted.post({"value": 1})) == (1, 0)


# ---- 429 --------------------------------------------------------------------------------------


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
