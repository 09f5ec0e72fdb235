"""`list_devices`: what the person subscribes to, and nothing else."""

import json
from datetime import timedelta

import pytest

from bots.tools import listing
from bots.tools.room import EACH
from chat import joining
from chat.models import Account
from devices.models import Device
from tests.bots.tools.conftest import NOW, ask, shown
from tests.devices.feeds import course, new_device, report, subscribe

pytestmark = pytest.mark.django_db(databases=["default", "messages"])


def names(person):
    return [device["name"] for device in shown(person, "list_devices")["devices"]]


def test_a_device_is_told_with_its_last_reading(boiler, cellar):
    report(boiler, course(20, 21.4, start=NOW - timedelta(seconds=140)))
    found = ask("alice", "list_devices")
    last = {"value": 21.4, "at": "2026-11-22T12:29:20.000Z", "seq": 2}
    assert found.shown == {"devices": [{
        "name": "boiler", "title": "Boiler", "kind": "thermometer", "unit": "°C",
        "interval_seconds": 100, "state": "online", "last": {**last, "age_seconds": 40},
    }]}  # fmt: skip
    (given,) = found.given
    assert given.reading == {"device": "boiler", "unit": "°C", **last}
    assert given.chief


@pytest.mark.parametrize(("age", "state"), [(149, "online"), (151, "overdue"), (None, "new")])
def test_it_says_how_a_device_is(boiler, age, state):
    if age is not None:
        report(boiler, [(20, NOW - timedelta(seconds=age))])
    (device,) = shown("alice", "list_devices")["devices"]
    assert device["state"] == state
    assert (device["last"] is None) == (age is None)


def test_each_person_is_told_of_their_own(boiler, cellar):
    subscribe("bob", boiler)
    assert (names("alice"), names("bob")) == (["boiler"], ["boiler", "cellar"])


def test_who_subscribes_to_nothing_is_told_so(boiler, cellar):
    found = ask("charlie", "list_devices")
    assert found.shown["devices"] == []
    assert "subscribed to no device" in found.shown["note"]
    assert found.given == []
    assert "boiler" not in str(found)


def test_a_device_is_gone_once_the_subscription_ends_or_it_is_hidden(boiler):
    Device.objects.update(visible_to_all=False)
    assert names("alice") == []
    boiler.visible_to.set(Account.objects.filter(pk="alice"))
    assert names("alice") == ["boiler"]
    Device.objects.update(enabled=False)
    assert names("alice") == []
    Device.objects.update(enabled=True)
    joining.leave("alice", boiler.feed)
    assert names("alice") == []


def test_a_last_reading_from_before_the_subscription_is_told_and_not_cited(boiler):
    report(boiler, [(20, NOW)])
    subscribe("charlie", boiler)
    found = ask("charlie", "list_devices")
    assert found.shown["devices"][0]["last"]["value"] == 20
    assert found.shown["devices"][0]["last"]["seq"] is None
    assert found.given == []


def test_of_many_devices_the_first_are_named(boiler, monkeypatch):
    monkeypatch.setattr(listing, "MOST", 2)
    for name in ("attic", "cellar"):
        subscribe("alice", new_device(name))
    found = shown("alice", "list_devices")
    assert [device["name"] for device in found["devices"]] == ["attic", "boiler"]
    assert "2 of 3 devices" in found["note"]
    assert found["others"] == ["cellar"]


def test_as_many_as_are_told_fit_into_one_result(people):
    for n in range(listing.MOST_NAMES + 5):
        device = new_device(f"device-of-the-third-floor-{n:02}")
        subscribe("alice", device)
        if n < listing.MOST:
            report(device, [(-1234.56, NOW)])
    found = shown("alice", "list_devices")
    assert len(found["devices"]) + len(found["others"]) == listing.MOST_NAMES
    assert EACH / 2 < len(json.dumps(found, separators=(",", ":"))) < EACH


def test_it_costs_two_queries_however_many_they_are(boiler, django_assert_num_queries):
    for name in ("attic", "cellar"):
        subscribe("alice", new_device(name))
    with django_assert_num_queries(2):
        ask("alice", "list_devices")
