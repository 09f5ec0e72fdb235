"""The thread that keeps the index up: it follows, bears failures, and is one in an installation."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from chat.search import hosting
from chat.search.hosting import LEASE, Host, Load
from chat.search.indexing import Indexer
from chatproject.lease import Holder
from tests.chat.search.talk import found, opened, say
from tests.client import WITHIN
from tests.waiting import INTERVAL

AB = "dm:alice:bob"
Begin = Callable[[], Host]


def until(condition: Callable[[], object]) -> None:
    """`tests.waiting.until` for who has no event loop, on which the ORM would not work."""
    end = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < end, f"It did not come true within {WITHIN} s."
        time.sleep(INTERVAL)


@pytest.fixture
def begin(engine, monkeypatch) -> Iterator[Begin]:
    """Begins one; all are ended, and all they hold is closed, before the databases are put away."""
    monkeypatch.setattr(hosting, "LOOKS_EVERY", 0.02)
    monkeypatch.setattr(hosting, "TRIES_AGAIN_AFTER", 0.02)
    begun: list[Host] = []

    def start() -> Host:
        begun.append(Host())
        begun[-1].start()
        return begun[-1]

    opened(AB)
    yield start
    for host in begun:
        host.cancel()
        host.join()


def test_it_follows_what_is_said(begin: Begin):
    begin()
    say(AB, "word")
    until(lambda: found("bob", "word"))
    say(AB, "another")
    until(lambda: found("bob", "another"))


def test_it_outlives_failures(begin: Begin, monkeypatch, caplog):
    step, failures = Indexer.step, [OperationalError("the text of a message"), ValueError()]

    def failing(indexer: Indexer) -> int | None:
        if failures:
            raise failures.pop()
        return step(indexer)

    monkeypatch.setattr(Indexer, "step", failing)
    begin()
    say(AB, "word")
    until(lambda: found("alice", "word"))
    assert "OperationalError" in caplog.text
    assert "the text of a message" not in caplog.text


def test_while_another_has_the_lease_it_waits(begin: Begin, monkeypatch):
    monkeypatch.setattr(hosting, "RENEWED_EVERY", 0.02)
    other = Holder(LEASE)
    assert other.take()
    take, asked = Holder.take, []

    def counted(holder: Holder) -> bool:
        asked.append(holder)
        return take(holder)

    monkeypatch.setattr(Holder, "take", counted)
    begin()
    say(AB, "word")
    until(lambda: len(asked) > 3)
    assert found("alice", "word") == []
    other.release()
    until(lambda: found("alice", "word"))


def test_load_is_a_share():
    load = Load()
    assert all(0 <= load.now() <= 1 for _ in range(5))
