"""Times as models write them, and what is no period."""

from datetime import UTC, datetime, timedelta

import pytest

from bots.tools.periods import LONGEST, MOST_STEPS, Period, check_step, period
from chat.protocol import Invalid

NOW = datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24h", NOW - DAY),
        ("30m", NOW - HOUR / 2),
        ("7d", NOW - 7 * DAY),
        ("-90 m", NOW - 1.5 * HOUR),
        ("today", MIDNIGHT),
        ("Yesterday", MIDNIGHT - DAY),
        ("2026-11-22T05:00:00Z", MIDNIGHT + 5 * HOUR),
        ("2026-11-22t05:00:00z", MIDNIGHT + 5 * HOUR),
        ("2026-11-22T05:00:00.250Z", MIDNIGHT + 5 * HOUR + timedelta(milliseconds=250)),
        ("2026-11-22T06:00:00+01:00", MIDNIGHT + 5 * HOUR),
        ("2026-11-22T05:00", MIDNIGHT + 5 * HOUR),
        (" 2026-11-22 05:00:00 ", MIDNIGHT + 5 * HOUR),
        ("2026-11-21", MIDNIGHT - DAY),
    ],
)
def test_a_time_is_understood(text, moment):
    assert period(text, "now", NOW) == Period(moment, NOW)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "24", "24x", "1795339800", "2026-13-01T00:00:00Z", "999999d",
     "0001-01-01T00:00+10", "2026-11-22T05:00:00 o'clock", "h", "tomorrow", "\0", "5" * 10_000],
)  # fmt: skip
@pytest.mark.parametrize("field", ["since", "until"])
def test_what_is_no_time_is_refused_with_the_forms(text, field):
    given = {"since": "24h", "until": "now", field: text}
    with pytest.raises(Invalid, match=f"“{field}” is a time in UTC like .* “today”.* “24h”"):
        period(given["since"], given["until"], NOW)


def test_what_is_to_come_is_left_out():
    assert period("1h", "2027-01-01T00:00:00Z", NOW) == Period(NOW - HOUR, NOW)


@pytest.mark.parametrize(("since", "until"), [("1h", "2h"), ("1h", "1h"), ("2027-01-01", "now")])
def test_times_the_wrong_way_round_are_refused(since, until):
    with pytest.raises(Invalid, match=r"must be before “until” and .* 2026-11-22T12:30:15"):
        period(since, until, NOW)


def test_a_period_is_a_year_at_most():
    assert period("366d", "now", NOW).since == NOW - LONGEST
    with pytest.raises(Invalid, match="at most 366 days"):
        period("367d", "now", NOW)


def test_a_period_is_widened_to_whole_steps_as_far_as_they_are_over():
    asked = Period(MIDNIGHT + timedelta(seconds=90), MIDNIGHT + timedelta(seconds=600))
    end = MIDNIGHT + timedelta(seconds=600, milliseconds=-1)
    assert asked.widened(300, NOW) == Period(MIDNIGHT, end)
    assert Period(MIDNIGHT, NOW).widened(3600, NOW) == Period(MIDNIGHT, NOW)


@pytest.mark.parametrize(
    ("length", "step"),
    [(HOUR, 120), (DAY, 1800), (DAY, 3600), (8 * DAY, 14_400), (LONGEST, 8 * 86_400), (HOUR, 3600)],
)
def test_a_step_is_made_of_summaries(length, step):
    check_step(step, Period(NOW - length, NOW), NOW)


@pytest.mark.parametrize(
    ("length", "step", "finest"),
    [(HOUR, 1, 60), (HOUR, -60, 60), (HOUR, 90, 60), (8 * DAY, 60, 300), (10 * DAY, 300, 3600)],
)
def test_another_step_is_refused_with_what_is_there(length, step, finest):
    with pytest.raises(Invalid, match=f"“step” must be 0, or a multiple of {finest} seconds"):
        check_step(step, Period(NOW - length, NOW), NOW)


@pytest.mark.parametrize("length", [51 * HOUR / 60, DAY, 9 * DAY, 100 * DAY, LONGEST])
def test_too_many_steps_are_refused_with_what_would_do(length):
    asked = Period(NOW - length, NOW)
    step = 60 if length < 2 * DAY else 3600
    with pytest.raises(Invalid, match="more than 50 steps") as error:
        check_step(step, asked, NOW)
    least = int(error.value.detail.split()[-3])
    check_step(least, asked, NOW)
    begin, end = asked.widened(least, NOW)
    assert 45 / 2 < (end - begin) / timedelta(seconds=least) <= MOST_STEPS
