"""What fails is logged when it keeps failing, once, without its words."""

import pytest

from chatproject import attempts
from chatproject.attempts import TOLD_AFTER, Attempts


class Clock:
    now = 1_000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(attempts, "time", clock)
    return clock


@pytest.fixture
def lines(caplog):
    return lambda: [record.getMessage() for record in caplog.records]


def fail(error=ValueError):
    def work():
        raise error("a secret")

    return work


def test_what_fails_once_is_nobodys_trouble(clock, lines):
    tried = Attempts()
    for work in (fail(), lambda: None, fail()):
        tried.do("It", work)
        clock.now += TOLD_AFTER
    assert lines() == []


def test_what_keeps_failing_is_logged_once(clock, lines):
    tried = Attempts()
    for _ in range(10):
        tried.do("It", fail())
        tried.do("That", lambda: None)
        clock.now += TOLD_AFTER / 3
    assert lines() == ["It fails, and is tried again: ValueError"]


def test_another_error_or_another_time_is_news(clock, lines):
    tried = Attempts()
    for work in (fail(), fail(), fail(KeyError), fail(KeyError), lambda: None, fail(), fail()):
        tried.do("It", work)
        clock.now += TOLD_AFTER
    kinds = [line.rpartition(" ")[2] for line in lines()]
    assert kinds == ["ValueError", "KeyError", "ValueError"]
