"""Values, times and lengths of time as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.spans import span
from devices.words import age, amount, number, tidy, time

NOW = datetime(2026, 11, 22, 14, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (21.4, "21.4"),
        (21.400000000000002, "21.4"),
        (20.0, "20"),
        (-0.0, "0"),
        (0.0, "0"),
        (-5.25, "-5.25"),
        (1013.25, "1013.25"),
        (0.12345, "0.1235"),
        (100_000_000.0, "100000000"),
        (-0.00004, "-4e-05"),
        (1.23456e-7, "1.235e-07"),
        (1.5e20, "1.5e+20"),
    ],
)
def test_a_number_has_four_decimals_at_most(value, text):
    assert number(value) == text
    assert tidy(value) == float(text)
    assert str(tidy(value)) != "-0.0"


def test_with_its_unit():
    assert amount(21.4, "°C") == "21.4 °C"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOW, "14:03 UTC"),
        (NOW - timedelta(hours=15), "21 November, 23:03 UTC"),
        (NOW.replace(year=2025), "22 November 2025, 14:03 UTC"),
        (NOW.astimezone(tz=None), "14:03 UTC"),
    ],
)
def test_a_time_has_its_date_where_it_is_another_day(at, text):
    assert time(at, NOW) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "0.5 s"),
        (40, "40 s"),
        (119.9, "119 s"),
        (300, "5 min"),
        (7_500, "2 h 5 min"),
        (7_201, "2 h"),
        (90_061, "1 d 1 h"),
    ],
)
def test_a_length_of_time_has_two_units_at_most(seconds, text):
    assert span(timedelta(seconds=seconds)) == text


def test_an_age_is_never_negative():
    assert age(NOW - timedelta(seconds=40.9), NOW) == "40 s ago"
    assert age(NOW, NOW) == age(NOW + timedelta(minutes=1), NOW) == "just now"
