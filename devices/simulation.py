"""What a simulated device measures: the course of a day, the weather, and a little noise.

A pure function of the device's seed, its epoch and the time, so that whoever makes the reading of a
slot makes the very same one. Coolest before dawn, warmest in the afternoon, in UTC.
"""

import math
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from devices.ids import milliseconds

DAY = 86_400.0
COOLEST, WARMEST = 5 * 3600.0, 15 * 3600.0
"""Seconds after midnight."""
LOWEST, HIGHEST = -10.0, 40.0
"""Of a device without bounds."""


class Wave(NamedTuple):
    """Noise that takes `period` seconds from one random height to the next.

    `height` is its largest value, as a part of the device's whole range.
    """

    name: str
    period: float
    height: float


DAILY = 0.12
WEATHER = Wave("weather", 1.7 * DAY, 0.2)
"""A restart changes the sensor's noise, not the weather."""
SENSOR = (Wave("hours", 2 * 3600.0, 0.02), Wave("minutes", 900.0, 0.006))
"""With the others less than half of the range: a value stays inside the bounds by itself."""


def value(
    seed: int, epoch: datetime, at: datetime, lowest: float | None, highest: float | None
) -> float:
    """What the device measures at `at`, rounded to 0.1, from `lowest` to `highest`."""
    low, high = _bounds(lowest, highest)
    now = at.timestamp()
    part = 0.5 + DAILY * _course(now % DAY) + _noise(WEATHER, str(seed), now)
    since = f"{seed}:{milliseconds(epoch)}"
    part += sum(_noise(wave, since, now) for wave in SENSOR)
    return min(max(round(low + part * (high - low), 1), low), high) + 0.0  # no negative zero


def slot_of(moment: datetime, epoch: datetime, interval: float) -> int:
    """The number of the slot that `moment` lies in; negative before the epoch."""
    return (moment - epoch) // timedelta(seconds=interval)


def slot_start(slot: int, epoch: datetime, interval: float) -> datetime:
    """When a slot begins: the time of its reading."""
    return epoch + slot * timedelta(seconds=interval)


def _bounds(lowest: float | None, highest: float | None) -> tuple[float, float]:
    if lowest is None:
        lowest = LOWEST if highest is None else highest - (HIGHEST - LOWEST)
    return lowest, lowest + (HIGHEST - LOWEST) if highest is None else highest


def _course(seconds: float) -> float:
    """From -1 at the coolest time of the day to 1 at the warmest, and back; smooth."""
    rise = WARMEST - COOLEST
    passed = (seconds - COOLEST) % DAY
    if passed < rise:
        return -math.cos(math.pi * passed / rise)
    return math.cos(math.pi * (passed - rise) / (DAY - rise))


def _noise(wave: Wave, key: str, now: float) -> float:
    """Value noise: random heights at equal distances in time, joined by smooth curves."""
    position = now / wave.period
    step = math.floor(position)
    along = position - step
    weight = along * along * (3 - 2 * along)
    before, after = (_height(wave.name, key, number) for number in (step, step + 1))
    return wave.height * (before + (after - before) * weight)


def _height(*key: object) -> float:
    """From -1 to 1, by chance, and always the same for the same key."""
    drawn = blake2b(":".join(map(str, key)).encode(), digest_size=8).digest()
    return int.from_bytes(drawn) / (1 << 63) - 1
