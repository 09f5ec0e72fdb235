"""Messages a day: counted once it is over, and for good; today whenever somebody looks."""

from datetime import UTC, datetime, time, timedelta

import pytest

from chat.models import Message
from chatproject.models import Tally
from chatproject.operations import tallies
from chatproject.operations.dashboard import messages
from tests.chat.admin.conftest import say, talk

pytestmark = pytest.mark.django_db(databases=["default", "messages"])


@pytest.fixture
def today(monkeypatch):
    """It stays the same day, whenever the test runs."""
    day = tallies.today()
    monkeypatch.setattr(tallies, "today", lambda: day)
    return day


@pytest.fixture
def spoken(today):
    """`spoken(back, count)`: so many messages so many days ago, from midnight to midnight."""
    talk("dm:alice:bob", "alice", "bob")
    seqs = iter(range(1, 1000))

    def speak(back: int, count: int) -> None:
        begin = datetime.combine(today - timedelta(days=back), time(), UTC)
        for number in range(count):
            at = begin + (timedelta(days=1) - timedelta(milliseconds=1)) * (
                number / max(1, count - 1)
            )
            say("dm:alice:bob", next(seqs), "alice", at)

    return speak


def counted(today) -> dict[int, int | None]:
    """By how many days ago; without those that had none."""
    return {(today - day).days: count for day, count in tallies.last_days() if count != 0}


def test_days_end_at_midnight(today, spoken):
    for back, count in ((0, 2), (1, 3), (2, 5), (29, 4), (30, 7)):
        spoken(back, count)
    tallies.count_what_is_over()
    assert counted(today) == {0: 2, 1: 3, 2: 5, 29: 4}


def test_what_was_counted_stays_where_messages_are_removed(today, spoken):
    spoken(2, 5)
    tallies.count_what_is_over()
    Message.objects.all().delete()
    tallies.count_what_is_over()
    assert counted(today) == {2: 5}


def test_before_the_first_count_only_the_last_two_days_are_known(today, spoken):
    for back in (0, 1, 2):
        spoken(back, back + 1)
    known = counted(today)
    assert (known[0], known[1], known[2]) == (1, 2, None)


def test_a_day_is_counted_by_whoever_comes_first(today, spoken):
    spoken(1, 3)
    Tally.objects.create(day=today - timedelta(days=1), messages=9)
    tallies.count_what_is_over()
    assert counted(today)[1] == 9


def test_the_chart_is_as_high_as_the_busiest_day(today, spoken):
    spoken(0, 3)
    spoken(5, 12)
    tallies.count_what_is_over()
    chart = messages.look()
    heights = {bar.day: bar.height for bar in chart.bars}
    assert (heights[today - timedelta(days=5)], heights[today]) == (100, 25)
    assert chart.bars[0].height == 0
    busiest = today - timedelta(days=5)
    assert chart.words == (
        f"15 messages in 30 days, 3 of them today; the most, 12, on {busiest:%-d %B}."
    )


def test_a_chat_without_messages_has_a_chart(today):
    tallies.count_what_is_over()
    assert messages.look().words.startswith("0 messages in 30 days, 0 of them today")
