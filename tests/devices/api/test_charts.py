"""What pages and programs are told: devices, and their readings for charts; to whom."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chat.models import Account
from chat.protocol import parse_time
from devices.charts import RANGES
from devices.models import Device
from tests.devices.api.refusals import refused
from tests.devices.hardware import Hardware, new_device, now
from tests.http import Answer, request
from tests.installation import Installation, Person

DEVICES = "/api/v1/devices"
SPARK = 900
"""Seconds of one point of a day's course."""


async def get(server: Installation, path: str, who: Person | None = None, **headers: str) -> Answer:
    given = {"Authorization": f"Bearer {who.token}"} if who else {}
    return await request(server, "GET", path, headers={**given, **headers})


async def shown(server: Installation, who: Person) -> dict[str, dict]:
    """All devices that this person is told of, by name."""
    answer = await get(server, DEVICES, who)
    assert answer.status == 200, answer.body
    found = json.loads(answer.body)
    assert set(found) == {"now", "devices"}
    assert abs(parse_time(found["now"]).timestamp() - now()) < 60
    names = [device["name"] for device in found["devices"]]
    assert names == sorted(names)
    return {device["name"]: device for device in found["devices"]}


async def chart(server: Installation, device: Hardware, who: Person, range_: str) -> dict:
    answer = await get(server, f"{device.path}?range={range_}", who)
    assert answer.status == 200, answer.body
    found: dict = json.loads(answer.body)
    return found


def hide(server: Installation, device: Hardware, *people: Person) -> None:
    def update() -> None:
        row = Device.objects.get(pk=device.name)
        row.visible_to_all = False
        row.save()
        row.visible_to.set(Account.objects.filter(pk__in=[person.name for person in people]))

    server.database.call(update)


@pytest.fixture
def alice(server) -> Person:
    return server.person("alice")


@pytest.fixture
def charlie(server) -> Person:
    return server.person("charlie")


# ---- the devices ------------------------------------------------------------------------------


async def test_a_device_is_shown_with_all_that_a_page_needs(server, boiler, alice):
    at = (int(now()) // SPARK - 4) * SPARK  # of one point, both of them
    await boiler.report(20, 22, at=at)
    await boiler.report(21.25, at=now() - 10)
    device = (await shown(server, alice))[boiler.name]
    spark, last = device.pop("spark"), device.pop("last")
    assert device == {
        "name": boiler.name, "title": "Boiler", "kind": "sensor", "unit": "°C", "interval": 100,
        "lowest": -20, "highest": 120, "simulated": False, "online": True, "subscribed": False,
        "day": {"lowest": 20, "highest": 22},
    }  # fmt: skip
    assert last["value"] == 21.25
    assert abs(parse_time(last["at"]).timestamp() - now()) < 60
    assert [value for _, value in spark] == [21, 21.25]
    assert spark[0][0] <= at * 1000 < spark[0][0] + SPARK * 1000


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_one_that_never_reported_has_no_last_reading(server, boiler, alice):
    device = (await shown(server, alice))[boiler.name]
    assert (device["last"], device["day"], device["online"]) == (None, None, False)
    assert device["spark"] == []


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_an_old_reading_is_of_a_device_that_is_away(server, boiler, alice):
    await boiler.report(20, at=now() - 1_000)
    device = (await shown(server, alice))[boiler.name]
    assert (device["online"], device["last"]["value"]) == (False, 20)


async def test_who_subscribes_is_told_so(server, boiler, alice, charlie):
    async with server.connect(alice) as client:
        await client.send_text(boiler.name, "subscribe")
        await client.expect("conversation", conversation={"id": f"device:{boiler.name}"})
    assert (await shown(server, alice))[boiler.name]["subscribed"] is True
    assert (await shown(server, charlie))[boiler.name]["subscribed"] is False


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_thermometer1_is_there(server, alice):
    thermometer = (await shown(server, alice))["thermometer1"]
    assert thermometer["simulated"] is True
    assert thermometer["unit"] == "°C"
    found = await chart(server, Hardware(server, "thermometer1", ""), alice, "1h")
    assert found["simulated"] is True


# ---- charts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("range_", RANGES)
async def test_a_chart_has_averages_and_extremes_of_each_step(server, boiler, alice, range_):
    step = RANGES[range_].step
    begin = (int(now()) // step - 3) * step
    await boiler.report(25, 20, 30, at=begin)
    await boiler.report(10, at=begin + 2 * step)
    found = await chart(server, boiler, alice, range_)
    first = {"value": 25, "lowest": 20, "highest": 30, "count": 3}
    second = {"value": 10, "lowest": 10, "highest": 10, "count": 1}
    times = [
        [parse_time(point.pop(name)).timestamp() for name in ("at", "lowest_at", "highest_at")]
        for point in found["points"]
    ]
    assert found["points"] == [first, second]
    later = begin + 2 * step
    assert times == [[begin, begin + 1, begin + 2], [later, later, later]]
    assert found["step"] == step
    since, until = (parse_time(found[name]) for name in ("since", "until"))
    assert until - since == RANGES[range_].length
    assert abs(datetime.now(UTC) - until) < timedelta(seconds=60)
    assert (found["name"], found["title"], found["unit"]) == (boiler.name, "Boiler", "°C")
    assert (found["lowest"], found["highest"], found["interval"]) == (-20, 120, 100)
    assert found["simulated"] is False
    assert found["last"]["value"] == 10


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_a_chart_is_of_its_range_alone(server, boiler, alice):
    await boiler.report(1, at=now() - 2 * 3_600)
    await boiler.report(2, at=now() - 600)
    found = {key: await chart(server, boiler, alice, key) for key in ("1h", "24h")}
    values = {key: [point["value"] for point in each["points"]] for key, each in found.items()}
    assert values == {"1h": [2], "24h": [1, 2]}


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_without_a_range_it_is_the_last_day(server, boiler, alice):
    answer = await get(server, boiler.path, alice)
    assert json.loads(answer.body)["step"] == RANGES["24h"].step


@pytest.mark.embedded("what is said of it is the same everywhere")
@pytest.mark.parametrize("range_", ["", "2h", "24H", "1h%00"])
async def test_another_range_is_refused(server, boiler, alice, range_):
    answer = await get(server, f"{boiler.path}?range={range_}", alice)
    assert "one of 1h, 24h, 7d" in refused(answer, 400, "invalid")


@pytest.mark.embedded("what is said of it is the same everywhere")
@pytest.mark.parametrize(
    ("query", "words"),
    [("range=1h&range=7d", "“range” must be given once"), ("rnage=1h", "unknown field `rnage`")],
)
async def test_what_else_is_asked_for_is_refused(server, boiler, alice, query, words):
    answer = await get(server, f"{boiler.path}?{query}", alice)
    assert words in refused(answer, 400, "invalid")


# ---- who is told ------------------------------------------------------------------------------


async def test_a_hidden_device_is_as_one_that_is_not_there(server, boiler, alice, charlie):
    await boiler.report(20)
    hide(server, boiler, alice)
    nobody = Hardware(server, "nobody", "")
    assert boiler.name in await shown(server, alice)
    assert boiler.name not in await shown(server, charlie)
    assert (await chart(server, boiler, alice, "1h"))["points"]
    answers = [await get(server, device.path, charlie) for device in (boiler, nobody)]
    assert len({refused(answer, 404, "not_found") for answer in answers}) == 1


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_a_device_that_is_switched_off_is_not_there(server, alice):
    device = new_device(server, enabled=False)
    assert device.name not in await shown(server, alice)
    refused(await get(server, device.path, alice), 404, "not_found")


@pytest.mark.embedded("what is said of it is the same everywhere")
@pytest.mark.parametrize("path", [DEVICES, "/api/v1/devices/thermometer1/readings"])
async def test_who_is_not_signed_in_is_told_nothing(server, path):
    for name, value in (("Cookie", ""), ("Authorization", "Bearer no"), ("Cookie", "sessionid=no")):
        answer = await request(server, "GET", path, headers={name: value})
        refused(answer, 401, "unauthenticated")


@pytest.mark.embedded("what is said of it is the same everywhere")
@pytest.mark.parametrize("path", [DEVICES, "/api/v1/devices/thermometer1/readings"])
async def test_a_session_is_as_good_as_a_token(server, alice, path):
    cookie = f"sessionid={server.session(alice)}"
    assert (await get(server, path, Cookie=cookie)).status == 200
    answer = await get(server, path, Cookie=cookie, Authorization="Bearer no")
    refused(answer, 401, "unauthenticated")  # with a token, the cookie is ignored


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_who_is_suspended_is_told_nothing(server, alice):
    server.database.call(lambda: Account.objects.filter(pk=alice.name).update(is_active=False))
    refused(await get(server, DEVICES, alice), 401, "unauthenticated")


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_a_devices_own_token_shows_nothing(server, boiler):
    answer = await get(server, boiler.path, Authorization=f"Bearer {boiler.token}")
    refused(answer, 401, "unauthenticated")


@pytest.mark.embedded("what is said of it is the same everywhere")
async def test_other_methods_are_refused(server, alice):
    answer = await request(
        server, "POST", DEVICES, "{}", {"Authorization": f"Bearer {alice.token}"}
    )
    assert "GET" in refused(answer, 405, "invalid")
    assert answer.headers["Allow"] == "GET"
