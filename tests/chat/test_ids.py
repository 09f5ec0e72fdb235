"""Ids rise inside a conversation, whatever clock made the one before."""

import time
import uuid

import pytest

from chat.ids import COUNTED, Ids, time_of


def test_an_id_is_a_uuid_of_version_7_that_says_the_time():
    before = time.time_ns() // 1_000_000
    id_, at = Ids().new("")
    assert uuid.UUID(id_).version == 7
    assert uuid.UUID(id_).variant == uuid.RFC_4122
    assert str(uuid.UUID(id_)) == id_
    assert before <= at <= time.time_ns() // 1_000_000
    assert time_of(id_) == at


def test_ids_of_one_process_rise_and_none_comes_twice():
    ids = Ids()
    made = [ids.new("").id for _ in range(3 * COUNTED)]
    assert made == sorted(set(made))


@pytest.mark.parametrize("ahead", [1, 5_000, 86_400_000], ids=["1 ms", "5 s", "a day"])
def test_they_follow_a_clock_that_is_ahead_and_do_not_run_away_from_it(ahead):
    now = time.time_ns() // 1_000_000 + ahead
    last = f"{now:012x}"[:8] + "-" + f"{now:012x}"[8:] + "-7fff-bfff-ffffffffffff"
    ids = Ids()
    for _ in range(2 * COUNTED):
        new, at = ids.new(last)
        assert new > last
        assert at <= max(now, time.time_ns() // 1_000_000) + 3
        last = new


def test_one_conversation_that_is_ahead_takes_no_other_along():
    now = time.time_ns() // 1_000_000 + 86_400_000
    ids = Ids()
    ids.new(f"{now:012x}"[:8] + "-" + f"{now:012x}"[8:] + "-7000-8000-000000000000")
    assert ids.new("").at < now - 80_000_000


def test_the_time_going_back_does_not_turn_the_order(monkeypatch):
    ids = Ids()
    first = ids.new("").id
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert ids.new("").id > first
