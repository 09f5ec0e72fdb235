"""A simulated day: inside the bounds, the same for whoever asks, and like a day."""

import itertools
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from statistics import mean

import pytest

from devices.simulation import slot_of, slot_start, value
from tests.server import ENVIRONMENT, PROJECT

SEED = 20_000
EPOCH = datetime(2026, 11, 22, 16, 0, 30, 123_456, tzinfo=UTC)
LOWEST, HIGHEST = -10.0, 40.0
DAY = timedelta(days=1)

ELSEWHERE = """
import json, sys
from datetime import datetime, timedelta
from devices.simulation import value
epoch = datetime.fromisoformat(sys.argv[1])
print(json.dumps([value(20000, epoch, epoch + n * timedelta(seconds=100), -10.0, 40.0)
                  for n in range(500)]))
"""


def at(moment, seed=SEED, epoch=EPOCH, lowest=LOWEST, highest=HIGHEST):
    return value(seed, epoch, moment, lowest, highest)


def course(length, step, **other):
    return [at(EPOCH + number * step, **other) for number in range(length // step)]


@pytest.mark.parametrize(
    ("lowest", "highest"), [(-10, 40), (0, 1), (20.04, 20.06), (-300.5, -300), (0, 1e6)]
)
def test_it_stays_inside_the_bounds(lowest, highest):
    values = course(400 * DAY, timedelta(hours=1), lowest=lowest, highest=highest)
    assert lowest <= min(values) <= max(values) <= highest


@pytest.mark.parametrize(
    ("lowest", "highest", "width"), [(None, None, (-10, 40)), (5, None, (5, 55)),
                                     (None, 5, (-45, 5))]
)  # fmt: skip
def test_a_bound_that_is_not_given_is_no_trouble(lowest, highest, width):
    values = course(100 * DAY, timedelta(hours=1), lowest=lowest, highest=highest)
    assert width[0] <= min(values) < max(values) <= width[1]


def test_it_is_never_far_beyond_a_tenth():
    values = course(DAY, timedelta(seconds=100), lowest=-1)
    assert all(value == round(value, 1) and str(value) != "-0.0" for value in values)


def test_another_process_comes_to_the_same_values():
    said = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, EPOCH.isoformat()],
        cwd=PROJECT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert json.loads(said) == course(50_000 * timedelta(seconds=1), timedelta(seconds=100))


def test_another_seed_or_epoch_makes_others():
    steps = (DAY, timedelta(seconds=100))
    usual = course(*steps)
    assert course(*steps, seed=SEED + 1) != usual
    assert course(*steps, epoch=EPOCH + DAY) != usual
    anew = EPOCH + timedelta(seconds=1)
    later = [at(EPOCH + n * timedelta(seconds=100), epoch=anew) for n in range(864)]
    assert later != usual, "a restart begins the noise anew"
    assert abs(mean(later) - mean(usual)) < 1, "and not the weather"


def test_a_day_is_coolest_before_dawn_and_warmest_in_the_afternoon():
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    hours = [mean(at(midnight + day * DAY + timedelta(hours=hour)) for day in range(300))
             for hour in range(24)]  # fmt: skip
    assert 3 <= hours.index(min(hours)) <= 6
    assert 13 <= hours.index(max(hours)) <= 16
    assert max(hours) - min(hours) > 5
    morning, night = hours[6:14], hours[17:24]
    assert morning == sorted(morning)
    assert night == sorted(night, reverse=True)


def test_days_differ():
    noons = [at(EPOCH + day * DAY) for day in range(60)]
    assert max(noons) - min(noons) > 3


def test_it_does_not_jump():
    for step, most in ((timedelta(seconds=100), 0.8), (timedelta(seconds=1), 0.2)):
        values = course(5_000 * step, step)
        changes = [abs(later - earlier) for earlier, later in itertools.pairwise(values)]
        assert max(changes) <= most
    assert len(set(values)) > 5, "and yet it moves"


# ---- slots ------------------------------------------------------------------------------------


@pytest.mark.parametrize("interval", [0.5, 0.7, 100.0, 1 / 3 + 0.5])
def test_slots_follow_each_other_from_the_epoch(interval):
    for slot in (0, 1, 2, 999_999_937):
        start = slot_start(slot, EPOCH, interval)
        assert slot_of(start, EPOCH, interval) == slot
        assert slot_of(start - timedelta(microseconds=1), EPOCH, interval) == slot - 1
