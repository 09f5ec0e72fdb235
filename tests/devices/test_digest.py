"""Each reading is taken in exactly once, whoever does it, how often, and whatever dies."""

import random
from datetime import timedelta

import pytest

from chat.conversation_ids import dm_id
from chat.models import Message
from devices import alerts
from devices.digest import digest
from devices.ids import feed_of
from devices.models import Device, Summary, Threshold
from tests.devices.household import NOON, reading, readings

SECOND = timedelta(seconds=1)


def counted(household, device, span=3600):
    """How many readings the summaries of a span count, and their sum."""
    found = household.call(
        lambda: list(Summary.objects.filter(device=device, span=span).values_list("count", "total"))
    )
    return sum(count for count, _ in found), pytest.approx(sum(total for _, total in found))


def expecting(household, device, above):
    """A person who is told of what is above, and the conversation they are told in."""
    person = household.person("alice")
    household.call(
        lambda: Threshold.objects.create(
            device_id=device, account_id=person, direction="above", value=above
        )
    )
    return dm_id(device, person)


def test_a_reading_is_a_message_and_the_devices_last(household, program):
    device = household.device()
    at = NOON + timedelta(milliseconds=125)
    assert program.do("take", device, [reading(21.400000000000002, at)]) == [[1, None, False]]
    (message,) = household.messages(feed_of(device))
    assert (message.sender, message.kind, message.body) == (device, "reading", "21.4 °C")
    assert message.data == {"value": 21.4, "unit": "°C", "at": "2026-11-22T12:00:00.125Z"}
    now = household.now(device)
    assert (now.last_seq, now.last_value, now.last_at) == (1, 21.4, at)
    assert now.digested_seq == 1


def test_reported_again_it_is_neither_stored_nor_counted(household, program):
    device = household.device()
    first = readings(20, 21)
    program.do("take", device, first)
    assert program.do("take", device, [*first, reading(22, NOON + 900 * SECOND)]) == [
        [1, None, True], [2, None, True], [3, None, False],
    ]  # fmt: skip
    assert counted(household, device) == (3, 63)


def test_another_value_for_the_same_time_is_refused(household, program):
    device = household.device()
    program.do("take", device, [reading(20, NOON)])
    assert program.do("take", device, [reading(21, NOON)]) == [[None, "conflict", False]]
    assert household.now(device).last_value == 20
    assert counted(household, device) == (1, 20)


def test_the_last_reading_is_the_one_with_the_latest_time(household, program):
    device = household.device()
    late = readings(20, 21, 22)
    program.do("take", device, [late[2], late[0]])
    program.do("take", device, [late[1]])
    now = household.now(device)
    assert (now.last_value, now.last_seq, now.digested_seq) == (22, 1, 3)
    assert counted(household, device) == (3, 63)


def test_what_is_no_reading_counts_for_nothing(household, program):
    device = household.device()
    program.do("take", device, readings(20))
    far = (NOON + timedelta(days=1)).isoformat()
    program.do("tell_silent", device, far, NOON.isoformat())
    assert len(household.messages(feed_of(device), "notice")) == 1
    assert counted(household, device) == (1, 20)
    assert household.now(device).digested_seq == 2


def test_one_that_cannot_be_taken_in_keeps_no_other_from_it(household, caplog):
    device = household.device()
    at = {"at": "2026-11-22T12:00:00Z"}
    unusable = [{"value": 1e308, **at}, {"value": 10**400, **at}, {"value": "warm", **at},
                {"value": None, **at}, {"value": 1.0, "at": "noon"}, {}, None]  # fmt: skip
    all_ = [*unusable, {"value": 20.0, **at}]

    def store() -> None:
        rows = [
            Message(
                id=f"{device}-{number}", conversation=feed_of(device), seq=number, sender=device,
                client_id=str(number), kind="reading", body="", data=data, sent_at=NOON,
            )
            for number, data in enumerate(all_, 1)
        ]  # fmt: skip
        Message.objects.bulk_create(rows)
        digest(Device.objects.get(pk=device))

    household.call(store)
    assert counted(household, device) == (1, 20)
    now = household.now(device)
    assert (now.last_value, now.digested_seq) == (20, len(all_))
    assert len(caplog.messages) == len(set(caplog.messages)) == 4
    assert all(f"of the readings of {device} were passed over: " in m for m in caplog.messages)


def test_many_are_taken_in_in_steps(household, program):
    device = household.device()
    values = [number % 30 for number in range(1_201)]
    program.do("store", device, readings(*values))
    assert household.now(device).digested_seq == 0
    program.do("digest", device)
    assert household.now(device).digested_seq == len(values)
    for span in (60, 300, 3600):
        assert counted(household, device, span) == (len(values), sum(values))


# ---- several at once --------------------------------------------------------------------------


def test_of_two_at_once_each_counts_what_the_other_does_not(household, program, other_programs):
    device = household.device()
    conversation = expecting(household, device, above=30)
    values = [random.choice((20, 31)) for _ in range(600)]
    told = sum(now > 30 >= before for before, now in zip([20, *values], values, strict=False))
    program.do("store", device, readings(*values[:300]))
    for other in other_programs:
        other.begin("digest", device)
    for start in range(300, 600, 20):
        later = NOON + start * 100 * SECOND
        program.do("take", device, readings(*values[start : start + 20], start=later))
    for other in other_programs:
        other.result()
        other.begin("digest", device)
    assert [other.result() for other in other_programs] == [None, None]
    for span in (60, 300, 3600):
        assert counted(household, device, span) == (600, sum(values))
    assert len(household.messages(conversation, "alert")) == told
    assert household.now(device).digested_seq == 600


def test_who_comes_second_tells_nothing_by_the_thresholds_that_the_first_left(
    household, program, monkeypatch
):
    device = household.device()
    conversation = expecting(household, device, above=30)
    program.do("take", device, readings(31))
    program.do("store", device, readings(32, 20, start=NOON + 900 * SECOND))
    evaluate = alerts.evaluate

    def after_another(*args):
        monkeypatch.setattr(alerts, "evaluate", evaluate)
        digest(args[0])
        return evaluate(*args)

    monkeypatch.setattr(alerts, "evaluate", after_another)
    household.call(lambda: digest(Device.objects.get(pk=device)))
    assert [message.data["value"] for message in household.messages(conversation, "alert")] == [31]


def test_several_that_report_at_once_count_everything(household, program, other_programs):
    device = household.device()
    others = [program, *other_programs]
    for turn in range(10):
        for number, other in enumerate(others):
            start = NOON + (turn * 10 + number) * 1_000 * SECOND
            other.begin("take", device, readings(*range(7), start=start))
        for other in others:
            assert all(seq and not error for seq, error, _ in other.result())
    for span in (60, 300, 3600):
        assert counted(household, device, span) == (210, 10 * 3 * 21)


# ---- whatever dies ----------------------------------------------------------------------------


@pytest.mark.parametrize("calamity", ["digest_and_die", "digest_and_die_in_it"])
def test_after_a_death_it_is_done_again_and_nothing_twice(household, program, calamity):
    device = household.device()
    conversation = expecting(household, device, above=30)
    program.do("store", device, readings(20, 31, 20, 32))
    doomed = household.program()
    doomed.begin(calamity, device)
    assert doomed.died() == -9
    assert len(household.messages(conversation, "alert")) == 2, "what is posted stays"
    assert counted(household, device) == (0, 0)
    assert household.now(device).last_at is None

    program.do("take", device, readings(33, start=NOON + 900 * SECOND))
    assert counted(household, device) == (5, 136)
    assert [message.data["value"] for message in household.messages(conversation, "alert")] == [
        31, 32,
    ]  # fmt: skip
    told = household.call(lambda: Threshold.objects.get(device=device).told)
    assert told


def test_who_died_before_it_began_is_found_by_the_tick(household, program):
    device = household.device()
    program.do("store", device, readings(20, 21))
    program.do("tick")
    assert counted(household, device) == (2, 41)
    household.call(lambda: Device.objects.filter(pk=device).update(enabled=False))
    program.do("store", device, readings(22, start=NOON + 900 * SECOND))
    program.do("tick")
    assert counted(household, device) == (3, 63)
