"""How a check is asked: not twice at once, not for ever, and not for each probe."""

import asyncio
import gc

import pytest

from chat.hub import hub
from chatproject.operations import readiness
from chatproject.operations.readiness import Check, Readiness


class Store:
    """Something that answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def ask(self) -> None:
        self.asked += 1
        await self.may_answer.wait()


@pytest.fixture
def readiness_of(monkeypatch):
    """`readiness_of(check)`: the readiness of one check alone."""

    def make(check: Check) -> Readiness:
        found = Readiness()
        monkeypatch.setattr(found, "_checks", {"store": check})
        return found

    return make


async def test_a_check_that_hangs_is_asked_once_and_answered_in_time(monkeypatch):
    monkeypatch.setattr(readiness, "CHECK_WITHIN", 0.05)
    store = Store()
    check = Check(store.ask)
    for _ in range(3):
        state = await check.state()
        assert (state.up, state.error) == (False, "no answer")
    assert store.asked == 1
    store.may_answer.set()
    assert (await check.state()).up


async def test_an_error_that_comes_too_late_is_nobodys(monkeypatch, caplog):
    monkeypatch.setattr(readiness, "CHECK_WITHIN", 0.01)
    may_fail = asyncio.Event()

    async def ask() -> None:
        await may_fail.wait()
        raise ConnectionResetError

    check = Check(ask)
    assert (await check.state()).error == "no answer"
    may_fail.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del check
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_an_error_is_named_and_not_quoted():
    async def ask() -> None:
        raise ConnectionRefusedError("postgres://chat:hunter2@db.internal/chat")

    state = await Check(ask).state()
    assert state.shown() == {"state": "down", "ms": state.ms, "error": "ConnectionRefusedError"}


async def test_many_probes_are_one_question(readiness_of, monkeypatch):
    monkeypatch.setattr(readiness, "GOOD_FOR", 60.0)
    store = Store()
    store.may_answer.set()
    found = readiness_of(Check(store.ask))
    for _ in range(5):
        states = await asyncio.gather(*(found.states() for _ in range(20)))
        assert all(state["store"].up for state in states)
    assert store.asked == 1


async def test_an_answer_is_good_for_a_moment_only(readiness_of, monkeypatch):
    monkeypatch.setattr(readiness, "GOOD_FOR", 0.0)
    store = Store()
    store.may_answer.set()
    found = readiness_of(Check(store.ask))
    await found.states()
    await found.states()
    assert store.asked == 2


async def test_a_server_that_stops_is_not_ready_at_once(readiness_of, monkeypatch):
    store = Store()
    store.may_answer.set()
    found = readiness_of(Check(store.ask))
    assert (await found.states())["server"].up
    monkeypatch.setattr(hub, "closed", True)
    assert (await found.states())["server"].shown()["error"] == "draining"
