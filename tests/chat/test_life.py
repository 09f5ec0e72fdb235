"""What the log and the figures have of a connection."""

import asyncio
import logging

import pytest
from prometheus_client import REGISTRY

from chat import life
from chat.connection import MAX_QUEUED, Connection
from chat.identity import TOKEN, Credential, Identity
from chat.later import Later
from chat.protocol import Close
from chatproject.operations.ids import connection_id

ALICE = Identity("alice", "Alice", "person", Credential(TOKEN, "digest"), "password")


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def closed(code: str) -> float:
    return figure("chat_connections_closed_total", code=code)


@pytest.fixture(autouse=True)
async def in_a_context_of_its_own():
    """As each connection is in the task that serves it."""
    connection_id.set("one")
    life.begin()


async def test_the_first_code_is_the_reason(caplog):
    lived = life.begin()
    lived.opened("alice")
    lived.closing(Close.TOO_SLOW)
    lived.closing(1006)
    before = closed("4408")
    with caplog.at_level(logging.INFO, "chat.life"):
        lived.ended()
    assert closed("4408") == before + 1
    [line] = caplog.records
    assert (vars(line)["account"], vars(line)["code"]) == ("alice", 4408)


@pytest.mark.parametrize("code", [None, 3999, 4999, 0])
async def test_codes_that_a_peer_invents_make_no_series_of_their_own(code):
    lived = life.begin()
    lived.closing(code)
    before = closed("other")
    lived.ended()
    assert closed("other") == before + 1
    assert closed(str(code)) == 0


async def test_frames_that_a_slow_reader_never_gets_are_counted():
    reads = asyncio.Event()

    async def send(event):
        await reads.wait()

    connection = Connection(ALICE, send, lambda _: None, lambda: None)
    connection.open("{}")
    await asyncio.sleep(0)
    before = figure("chat_frames_dropped_total")
    frames = 0
    while not connection.closing:
        connection.push("x" * 10_000)
        frames += 1
    assert connection.queued > MAX_QUEUED
    assert figure("chat_frames_dropped_total") == before + frames
    connection.forget()


async def test_work_for_many_is_done_in_nobodys_name():
    """Else its log lines would have the id of whichever connection happened to ask first."""
    seen = []

    async def job():
        seen.append(connection_id.get())

    assert connection_id.get() == "one"
    later = Later(0, job)
    later.ask()
    await later.finish()
    assert seen == [""]
