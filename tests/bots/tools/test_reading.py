"""`readings`: what a device measured in a period, for who subscribes to it."""

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from bots.tools.room import EACH
from chat import joining
from chatproject.databases import MESSAGES
from devices.models import Device
from tests.bots.tools.conftest import NOW, ask, refused, shown
from tests.devices.feeds import course, new_device, report, subscribe

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = NOW - HOUR / 2


def cited(result):
    return sorted({given.reading["seq"] for given in result.given})


def chiefs(result):
    return sorted({given.reading["seq"] for given in result.given if given.chief})


def at(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_single_readings_are_told_with_the_whole(boiler):
    report(boiler, course(21, 19.5, 23, 20, start=NOON))
    result = ask("alice", "readings", device="boiler", since="1h", until="now", step=0)
    single = [
        {"value": value, "at": at(moment), "seq": seq}
        for seq, (value, moment) in enumerate(course(21, 19.5, 23, 20, start=NOON), start=1)
    ]
    assert result.shown == {
        "device": "boiler", "title": "Boiler", "unit": "°C",
        "since": "2026-11-22T11:30:00.000Z", "until": "2026-11-22T12:30:00.000Z",
        "count": 4, "average": 20.875,
        "lowest": single[1], "highest": single[2], "last": single[3], "readings": single,
    }  # fmt: skip
    assert cited(result) == [1, 2, 3, 4]
    assert chiefs(result) == [2, 3, 4]
    assert {"device": "boiler", "unit": "°C", **single[0]} in [g.reading for g in result.given]


def test_without_times_it_is_the_last_day(boiler):
    report(boiler, [(1, NOW - DAY - HOUR), (2, NOW - DAY + HOUR), (3, NOW - HOUR)])
    for given in ({}, {"since": None, "until": None, "step": None}):
        found = shown("alice", "readings", device="boiler", **given)
        assert [reading["value"] for reading in found["readings"]] == [2, 3]


def test_of_many_readings_the_newest_are_told_one_by_one_and_all_are_counted(boiler):
    report(boiler, course(*range(120), start=NOW - 12_000 * timedelta(seconds=1)))
    result = ask("alice", "readings", device="boiler", since="5h")
    found = result.shown
    assert found["count"] == 120
    assert [reading["value"] for reading in found["readings"]] == list(range(70, 120))
    assert (found["lowest"]["value"], found["lowest"]["seq"]) == (0, 1)
    assert (found["highest"]["value"], found["highest"]["seq"]) == (119, 120)
    assert (found["last"], found["average"]) == (found["readings"][-1], 59.5)
    assert cited(result) == [1, *range(71, 121)]


def test_a_period_in_the_past_is_exact_where_its_readings_are_few(boiler):
    begin = NOW - 30 * DAY
    report(boiler, course(*range(120), start=begin))
    found = shown(
        "alice", "readings", device="boiler",
        since=at(begin + timedelta(seconds=1000)), until=at(begin + timedelta(seconds=1200)),
    )  # fmt: skip
    assert [reading["value"] for reading in found["readings"]] == [10, 11, 12]
    assert (found["count"], found["last"]["value"]) == (3, 12)


def test_steps_have_averages_and_extremes(boiler):
    report(boiler, [*course(21, 19, 23, 17, start=NOON, every=20), (30, NOON + HOUR / 6)])
    result = ask("alice", "readings", device="boiler", since="40m", until="now", step=60)
    found = result.shown
    assert found["step"] == 60
    assert found["columns"] == ["from", "average", "lowest", "highest", "count"]
    assert found["steps"] == [
        [at(NOON), 21, 19, 23, 3],
        [at(NOON + HOUR / 60), 17, 17, 17, 1],
        [at(NOON + HOUR / 6), 30, 30, 30, 1],
    ]
    assert (found["count"], found["average"], found["lowest"]["seq"]) == (5, 22, 4)
    assert (found["last"]["value"], found["last"]["seq"]) == (30, 5)
    assert cited(result) == [2, 3, 4, 5]
    assert chiefs(result) == [4, 5]
    assert "readings" not in found


def test_the_whole_of_steps_is_what_lies_in_them(boiler):
    report(boiler, [(1, NOON - HOUR / 60), (2, NOON + HOUR / 60), (3, NOON + HOUR / 4)])
    found = shown(
        "alice", "readings", device="boiler",
        since=at(NOON + HOUR / 30), until=at(NOON + HOUR / 10), step=600,
    )  # fmt: skip
    assert (found["since"], found["until"]) == (at(NOON), "2026-11-22T12:09:59.999Z")
    assert (found["count"], found["last"]["value"], len(found["steps"])) == (1, 2, 1)


@pytest.mark.parametrize("step", [0, 3600])
def test_where_nothing_was_measured_it_says_so(boiler, step):
    report(boiler, [(1, NOW - 3 * DAY)])
    result = ask("alice", "readings", device="boiler", step=step)
    assert result.shown["count"] == 0
    assert "no reading in this period" in result.shown["note"]
    assert "lowest" not in result.shown
    assert result.given == []


def test_a_name_is_taken_in_any_case(boiler):
    assert shown("alice", "readings", device=" Boiler")["device"] == "boiler"


# ---- from before the subscription -------------------------------------------------------------


@pytest.fixture
def late(boiler):
    """Charlie subscribed after three readings; two more came."""
    report(boiler, course(10, 30, 20, start=NOON))
    subscribe("charlie", boiler)
    report(boiler, course(21, 22, start=NOON + HOUR / 6))
    return boiler


def test_what_was_before_is_in_the_whole_and_not_cited(late):
    result = ask("charlie", "readings", device="boiler")
    found = result.shown
    assert [reading["value"] for reading in found["readings"]] == [21, 22]
    assert (found["count"], found["lowest"]["value"], found["highest"]["value"]) == (5, 10, 30)
    assert (found["lowest"]["seq"], found["highest"]["seq"]) == (None, None)
    assert "before this person subscribed" in found["note"]
    assert cited(result) == [4, 5]
    assert cited(ask("alice", "readings", device="boiler")) == [1, 2, 3, 4, 5]


def test_steps_from_before_are_not_cited_either(late):
    result = ask("charlie", "readings", device="boiler", since="40m", step=60)
    assert [step[2] for step in result.shown["steps"]] == [10, 30, 20, 21, 22]
    assert cited(result) == [4, 5]


# ---- who is not told --------------------------------------------------------------------------


def test_what_is_not_theirs_is_as_what_is_not_there(boiler, cellar):
    """Not subscribed, no longer, hidden, switched off, deleted, or unknown: the same words."""
    report(boiler, [(20, NOON)])
    hidden, off, gone = (new_device(name) for name in ("hidden", "off", "gone"))
    for device in (hidden, off, gone):
        subscribe("alice", device)
    Device.objects.filter(pk="hidden").update(visible_to_all=False)
    Device.objects.filter(pk="off").update(enabled=False)
    gone.account.deleted_at = NOW
    gone.account.save()
    assert shown("alice", "readings", device="boiler")["count"] == 1
    joining.leave("alice", boiler.feed)
    for name in ("boiler", "cellar", "hidden", "off", "gone", "nothing", "openai", "alice"):
        assert refused("alice", "readings", f'{{"device": "{name}"}}') == (
            f"There is no device “{name}” that this person is subscribed to;"
            " list_devices names them."
        )
    refused("charlie", "readings", '{"device": "boiler"}')


def test_a_long_name_is_not_told_back_whole(people):
    assert len(refused("alice", "readings", f'{{"device": "{"x" * 5000}"}}')) < 200


# ---- what a model gets wrong ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ('{"device": "boiler", "since": "soon"}', "“since” is a time in UTC like"),
        ('{"device": "boiler", "since": "1h", "until": "2h"}', "“since” must be before “until”"),
        ('{"device": "boiler", "since": "400d"}', "at most 366 days"),
        ('{"device": "boiler", "step": 7}', "“step” must be 0, or a multiple of 60"),
        ('{"device": "boiler", "step": 60}', "more than 50 steps"),
        ('{"device": "boiler", "step": "often"}', "Expected `int`"),
        ('{"device": 5}', "Expected `str`"),
        ('{"device": "boiler", "last": true}', "unknown field `last`"),
        ("{}", "missing required field `device`"),
        ("", "missing required field `device`"),
        ('["boiler"]', "Expected `object`"),
        ('{"device": "boiler"', "“device” (string), “since” (string)"),
        ("boiler", "It takes a JSON object with “device” (string)"),
        ('{"device": "\\ud800"}', "It takes a JSON object"),
        ("[" * 100_000, "It takes a JSON object"),
    ],
)
def test_wrong_arguments_are_answered_with_what_would_be_right(boiler, arguments, why):
    assert why in refused("alice", "readings", arguments)


def test_numbers_as_texts_are_taken(boiler):
    assert shown("alice", "readings", device="boiler", since="1h", step="300")["step"] == 300


@pytest.mark.parametrize("step", [0, 60])
def test_as_much_as_is_told_fits_into_one_result(boiler, step):
    every = 7 * DAY / 7_000 if step == 0 else 48 * HOUR / 60 / 200
    report(boiler, [(-1234.56 - n, NOW - 200 * every + n * every) for n in range(200)])
    found = shown("alice", "readings", device="boiler", since="48m" if step else "7d", step=step)
    assert len(found.get("steps", found.get("readings"))) >= 48
    assert EACH / 3 < len(json.dumps(found, separators=(",", ":"))) < EACH


@pytest.mark.parametrize("simulated", [False, True])
@pytest.mark.parametrize("step", [0, 3600])
def test_it_costs_a_handful_of_queries_of_messages(boiler, simulated, step):
    Device.objects.update(simulated=simulated)
    boiler.refresh_from_db()
    report(boiler, course(*range(200), start=NOW - 20_000 * timedelta(seconds=1)))
    with CaptureQueriesContext(connections[MESSAGES]) as queries:
        ask("alice", "readings", device="boiler", since="5h", until="1h", step=step)
    assert 1 <= len(queries) <= 6
    assert all("LIMIT" in query["sql"] or "_id" in query["sql"] for query in queries)
