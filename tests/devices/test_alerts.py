"""A person is told once when a value is beyond what they named, and again after it was back."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from chat import joining
from chat.conversation_ids import dm_id
from chat.models import Account, Conversation, Membership, Room
from devices.alerts import evaluate
from devices.course import Measured
from devices.models import Device, Snooze, Threshold
from devices.thresholds import Change, save
from tests.devices.household import NOON, reading, readings

HOUR = timedelta(hours=1)


@pytest.fixture
def device(household):
    return household.device()


@pytest.fixture
def alice(household):
    return household.person("alice")


@pytest.fixture
def tell(household, program, device):
    """`tell(person, "above", 30, [values…])`: the values that the person is alerted of."""

    def tell(person, direction, value, values):
        threshold(household, device, person, direction, value)
        program.do("take", device, readings(*values))
        return alerted(household, device, person)

    return tell


def threshold(household, device, person, direction, value):
    household.call(
        lambda: Threshold.objects.update_or_create(
            device_id=device, account_id=person, direction=direction,
            defaults={"value": value, "told": False},
        )
    )  # fmt: skip


def alerts(household, device, person):
    return household.messages(dm_id(device, person), "alert")


def alerted(household, device, person):
    return [alert.data["value"] for alert in alerts(household, device, person)]


def snooze(household, device, person, until):
    household.call(
        lambda: Snooze.objects.update_or_create(
            device_id=device, account_id=person, defaults={"until": until}
        )
    )


def test_an_alert_says_all(household, device, alice, tell):
    tell(alice, "above", 30, [30.4])
    (alert,) = alerts(household, device, alice)
    assert (alert.sender, alert.kind) == (device, "alert")
    day = "" if datetime.now(NOON.tzinfo).date() == NOON.date() else "22 November"
    assert alert.body.startswith("30.4 °C at " + day)
    assert alert.body.endswith("12:00 UTC: above 30 °C, as you asked.")
    assert alert.data == {"value": 30.4, "unit": "°C", "at": "2026-11-22T12:00:00.000Z",
                          "direction": "above", "threshold": 30.0}  # fmt: skip


@pytest.mark.parametrize(
    ("direction", "limit", "values", "told"),
    [
        ("above", 30, [29.9, 30, 30.1, 30.2, 31], [30.1]),
        ("above", 30, [31, 29.6, 31, 29.5, 31], [31, 31]),
        ("above", 30, [31, 29.6, 30.5, 20, 29.9, 30.2], [31, 30.2]),
        ("below", 5, [5.1, 5, 4.9, 4], [4.9]),
        ("below", 5, [4, 5.4, 4.5, 5.5, 4.8], [4, 4.8]),
        ("below", -5, [-4.9, -5.1, -4.5, -6], [-5.1, -6]),
        ("above", 21.3, [21.4, 20.8, 21.4], [21.4, 21.4]),
    ],
)
def test_once_until_it_was_back_by_the_hysteresis(alice, tell, direction, limit, values, told):
    assert tell(alice, direction, limit, values) == told


def test_it_is_the_same_when_readings_come_one_by_one(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    for one in readings(29, 31, 29.6, 31, 29.5, 30, 30.1):
        program.do("take", device, [one])
    assert alerted(household, device, alice) == [31, 30.1]


def test_both_directions_and_several_people(household, device, alice, tell):
    bob = household.person("bob")
    threshold(household, device, alice, "below", 5)
    threshold(household, device, bob, "above", 25)
    assert tell(alice, "above", 30, [4, 28, 31]) == [4, 31]
    assert alerted(household, device, bob) == [28]


def test_set_anew_it_tells_again(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    program.do("take", device, readings(31))
    threshold(household, device, alice, "above", 29)
    program.do("take", device, readings(31, start=NOON + HOUR))
    assert alerted(household, device, alice) == [31, 31]


def test_a_reading_from_before_the_last_one_alarms_nobody(household, program, device, alice):
    program.do("take", device, readings(20, start=NOON))
    threshold(household, device, alice, "above", 30)
    program.do("take", device, readings(35, start=NOON - HOUR))
    assert alerted(household, device, alice) == []


def test_what_was_told_is_written_by_few_queries_but_where_it_was_set_anew(
    household, device, alice, django_assert_num_queries
):
    for person in [alice, *(household.person("bob") for _ in range(20))]:
        threshold(household, device, person, "above", 30)

    def work():
        mine = Threshold.objects.filter(device=device)
        told, back = mine.order_by("pk")[:10], mine.order_by("pk")[10:]
        changes = [Change(one, True) for one in told] + [Change(one, False) for one in back]
        mine.filter(pk__in=[one.pk for one in back]).update(told=True)
        mine.filter(pk=told[0].pk).update(made_at=timezone.now())
        mine.filter(pk=back[0].pk).update(made_at=timezone.now())
        with django_assert_num_queries(3):
            save(changes)
        return set(mine.filter(told=True)), {*told[1:], back[0]}

    now_told, expected = household.call(work)
    assert now_told == expected


# ---- rooms ------------------------------------------------------------------------------------


@pytest.fixture
def room(household, device):
    """A room that the device is in, and that is to be told above 30."""

    def make():
        name = f"room:{uuid.uuid4().hex[:8]}"
        conversation = Conversation.objects.create(id=name, kind=Conversation.Kind.ROOM)
        Room.objects.create(conversation=conversation, title="Garden")
        joining.join(device, name)
        place = Membership.objects.get(account=device, conversation=name)
        Threshold.objects.create(device_id=device, place=place, direction="above", value=30)
        return name

    return household.call(make)


def told(household, room):
    return [alert.data["value"] for alert in household.messages(room, "alert")]


def test_a_room_is_told_once_until_it_was_back_by_the_hysteresis(household, program, device, room):
    program.do("take", device, readings(29, 31, 29.6, 31, 29.5, 30.4))
    assert told(household, room) == [31, 30.4]
    assert household.messages(room, "reading") == []
    alert = household.messages(room, "alert")[-1]
    assert alert.sender == device
    assert alert.body.endswith(": above 30 °C.")
    assert alert.data == {"value": 30.4, "unit": "°C", "at": "2026-11-22T12:08:20.000Z",
                          "direction": "above", "threshold": 30.0}  # fmt: skip


def test_people_and_rooms_are_told_apart(household, program, device, alice, room):
    threshold(household, device, alice, "above", 25)
    snooze(household, device, alice, timezone.now() + HOUR)
    program.do("take", device, readings(31))
    assert told(household, room) == [31]
    assert alerted(household, device, alice) == []


def test_a_room_that_is_closed_or_that_it_left_is_told_nothing(household, program, device, room):
    rows = Room.objects.filter(pk=room)
    household.call(lambda: rows.update(closed_at=timezone.now()))
    program.do("take", device, readings(31))
    assert told(household, room) == []
    household.call(lambda: rows.update(closed_at=None))
    program.do("take", device, readings(32, start=NOON + HOUR))
    household.call(lambda: joining.leave(device, room))
    program.do("take", device, readings(20, 33, start=NOON + 2 * HOUR))
    assert told(household, room) == [32]


def test_rooms_cost_a_reading_no_query(household, device, alice, room, django_assert_num_queries):
    threshold(household, device, alice, "above", 30)

    def work():
        found = Device.objects.select_related("account").get(pk=device)
        news = [Measured(1, 31.0, NOON, NOON)]
        with django_assert_num_queries(2):
            return evaluate(found, news).drafts

    assert {draft.conversation for draft in household.call(work)} == {room, dm_id(device, alice)}


# ---- snooze -----------------------------------------------------------------------------------


def test_nothing_is_told_while_it_is_snoozed(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    snooze(household, device, alice, timezone.now() + HOUR)
    program.do("take", device, readings(31, 29, 32))
    assert alerted(household, device, alice) == []


def test_what_is_still_beyond_when_it_ends_is_told_by_the_next(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    snooze(household, device, alice, timezone.now() + HOUR)
    program.do("take", device, readings(31))
    snooze(household, device, alice, timezone.now())
    program.do("take", device, readings(32, 33, start=NOON + HOUR))
    assert alerted(household, device, alice) == [32]


def test_anothers_snooze_is_not_mine(household, program, device, alice):
    bob = household.person("bob")
    for person in (alice, bob):
        threshold(household, device, person, "above", 30)
    snooze(household, device, bob, timezone.now() + HOUR)
    program.do("take", device, readings(31))
    assert alerted(household, device, alice) == [31]
    assert alerted(household, device, bob) == []


# ---- who may be told --------------------------------------------------------------------------


def test_who_may_not_see_the_device_any_more_is_not_told(household, program, alice):
    charlie = household.person("charlie")
    device = household.device(visible_to_all=False)
    household.call(lambda: Device.objects.get(pk=device).visible_to.add(alice))
    for person in (alice, charlie):
        threshold(household, device, person, "above", 30)
    program.do("take", device, readings(31))
    assert alerted(household, device, alice) == [31]
    assert alerted(household, device, charlie) == []


def test_a_deleted_account_is_not_told(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    household.call(lambda: Account.objects.filter(pk=alice).update(deleted_at=timezone.now()))
    program.do("take", device, readings(31))
    assert alerted(household, device, alice) == []
    assert household.now(device).last_value == 31


def test_what_crosses_no_threshold_asks_for_none(household, program, device, alice):
    threshold(household, device, alice, "above", 30)
    program.do("take", device, [reading(20, NOON)])
    assert household.call(lambda: Threshold.objects.get(device=device).told) is False
