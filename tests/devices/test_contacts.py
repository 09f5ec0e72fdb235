"""Devices as contacts: shown to those who may see them, online while they are fresh."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Account
from devices.contacts import NAMES_KEPT, devices
from devices.models import Device
from devices.visibility import Seeing, may_see, visible
from tests.devices.household import readings


@pytest.fixture
def alice(household):
    return household.person("alice")


@pytest.fixture
def charlie(household):
    return household.person("charlie")


@pytest.fixture
def hidden(household, alice):
    """A device that Alice alone sees."""
    name = household.device(visible_to_all=False)
    household.call(lambda: Device.objects.get(pk=name).visible_to.add(alice))
    return name


def contact(household, name):
    found = household.call(devices)
    return next((contact for contact in found if contact.name == name), None)


def test_a_device_is_a_contact_with_its_title(household):
    found = contact(household, household.device())
    assert (found.title, found.kind, found.online) == ("Cellar", "device", False)
    assert (found.last_seen, found.seen_by) == (None, None)


def test_it_is_online_while_its_last_reading_is_young(household, program):
    young, old = household.device(), household.device()
    now = timezone.now().replace(microsecond=0)
    program.do("take", young, readings(20, start=now - timedelta(seconds=20)))
    program.do("take", old, readings(20, start=now - timedelta(seconds=150)))
    assert contact(household, young).online
    assert contact(household, young).last_seen == now - timedelta(seconds=20)
    assert not contact(household, old).online


def test_a_disabled_one_is_none(household):
    assert contact(household, household.device(enabled=False)) is None


def test_neither_is_a_deleted_one(household, charlie):
    name = household.device()
    household.call(lambda: Account.objects.filter(pk=name).update(deleted_at=timezone.now()))
    assert contact(household, name) is None
    device = household.now(name)
    assert not household.call(lambda: may_see(device, charlie))


def test_a_hidden_one_names_who_sees_it(household, hidden, alice):
    assert contact(household, hidden).seen_by == {alice}
    assert contact(household, household.device(visible_to_all=False)).seen_by == frozenset()


def test_there_are_three_queries_however_many(household, hidden, django_assert_num_queries):
    for _ in range(3):
        household.device()

    def work():
        devices()
        with django_assert_num_queries(3):
            return devices()

    assert len(household.call(work)) >= 4


def test_who_sees_it_is_known_at_once(household, hidden, alice, charlie):
    for people in ([charlie], [alice, charlie], [], [alice]):
        household.call(lambda people=people: Device.objects.get(pk=hidden).visible_to.set(people))
        assert contact(household, hidden).seen_by == set(people)
    household.call(lambda: Device.objects.filter(pk=hidden).update(visible_to_all=True))
    assert contact(household, hidden).seen_by is None
    household.call(lambda: Device.objects.filter(pk=hidden).update(visible_to_all=False))
    assert contact(household, hidden).seen_by == {alice}


def test_it_is_read_again_from_time_to_time(household, hidden, alice, charlie, monkeypatch):
    """Where somebody has changed a row in place, as nothing here does."""
    assert contact(household, hidden).seen_by == {alice}
    mine = Seeing._default_manager.filter(device_id=hidden)
    household.call(lambda: mine.update(account_id=charlie))
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + NAMES_KEPT)
    assert contact(household, hidden).seen_by == {charlie}


def test_who_may_see_what(household, hidden, alice, charlie):
    shown, disabled = household.device(), household.device(enabled=False)
    for person, theirs in ((alice, {shown, hidden}), (charlie, {shown})):
        names = household.call(lambda person=person: [device.name for device in visible(person)])
        assert {shown, hidden, disabled} & set(names) == theirs
        assert len(names) == len(set(names))
        for name in (shown, hidden, disabled):
            device = household.now(name)
            seen = household.call(lambda d=device, person=person: may_see(d, person))
            assert seen is (name in theirs)
