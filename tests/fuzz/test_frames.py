"""10,000 bad frames: the server answers each, lives, stays level and says nothing in its log."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tests.client import Client, NoFrame
from tests.fuzz.frames import JUNK, crossed, cut, mutated
from tests.server import Person, Server, dm

REFUSED = 10_000
WARM = 2_000
"""Refusals after which the server's memory is level."""
LEVEL = 20 * 1024 * 1024
BATCH, EXAMPLES = 10, 20
CROSSINGS = 9
"""What is made of each batch besides."""
CONNECTIONS = 4
CODES = {"bad_frame", "unknown_type", "invalid", "not_found", "conflict", "rate_limited"}


def test_10_000_bad_frames(own_server):
    server: Server = own_server()
    alice, bob = server.person("alice"), server.person("bob")
    real = real_frames(alice, bob)
    bad = st.one_of(mutated(real), mutated(real), cut(real), JUNK)
    told: Counter[str] = Counter()
    level = 0
    with asyncio.Runner() as runner:
        sockets = runner.run(Sockets.open(server, alice))
        for number in itertools.count():
            throw_examples(
                number, bad, lambda frames: told.update(runner.run(sockets.throw(frames)))
            )
            if not level and told.total() >= WARM:
                level = server.memory
            if told.total() >= REFUSED:
                break
        grown = server.memory - level
        runner.run(sockets.close())
        runner.run(lives(server, alice, bob))
    assert set(told) <= CODES
    assert {"bad_frame", "unknown_type", "invalid", "not_found"} <= set(told)
    assert grown < LEVEL
    assert "Traceback" not in server.log
    assert "xception" not in server.log


def real_frames(alice: Person, bob: Person) -> list[dict[str, Any]]:
    conversation = dm(alice, bob)
    return [
        {"type": "send", "id": "1", "to": bob.name, "body": "hello"},
        {"type": "sync", "id": "2", "since": {conversation: 0}},
        {"type": "history", "id": "3", "conversation": conversation, "before": None, "limit": 5},
        {"type": "stored", "id": "4", "after": None},
        {"type": "received", "conversation": conversation, "seq": 1},
        {"type": "read", "conversation": conversation, "seq": 1},
        {"type": "typing", "conversation": conversation},
        {"type": "conversations", "id": "5", "before": "2026-11-22T09:30:00.125Z", "limit": 5},
        {"type": "ping", "id": "6"},
    ]


def throw_examples(number: int, bad: st.SearchStrategy[str | bytes], throw) -> None:
    """Call `throw` with EXAMPLES batches of frames; the same ones whenever `number` is the same."""

    draw = Random(number)

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(frames=st.lists(bad, min_size=BATCH, max_size=BATCH))
    def run(frames: list[str | bytes]) -> None:
        throw(frames)
        for _ in range(CROSSINGS):
            frames = crossed(frames, draw)
            throw(frames)

    run()


class Sockets:
    """Several connections of one person, used in turn, opened again when they are closed."""

    def __init__(self, server: Server, person: Person) -> None:
        self._server = server
        self._person = person
        self._open: list[tuple[Client, contextlib.AsyncExitStack]] = []

    @classmethod
    async def open(cls, server: Server, person: Person) -> "Sockets":
        sockets = cls(server, person)
        for _ in range(CONNECTIONS):
            await sockets._add()
        return sockets

    async def _add(self) -> None:
        stack = contextlib.AsyncExitStack()
        ws = await stack.enter_async_context(self._server.connect(self._person))
        self._open.append((ws, stack))

    async def throw(self, frames: list[str | bytes]) -> list[str]:
        """Send `frames` on the next connection; the codes of the errors they were answered with."""
        ws, stack = self._open.pop(0)
        answers = [frame async for frame in answered(ws, frames)]
        if ws.socket.close_code is None:
            self._open.append((ws, stack))
        else:
            assert ws.socket.close_code in (1009, 4400), ws.socket.close_code
            with contextlib.suppress(ConnectionClosed):
                await stack.aclose()
            await self._add()
        return [frame["code"] for frame in answers if frame["type"] == "error"]

    async def close(self) -> None:
        for _, stack in self._open:
            await stack.aclose()


async def answered(ws: Client, frames: list[str | bytes]) -> AsyncIterator[dict[str, Any]]:
    """Send `frames`, then a ping; all that comes back until its pong, or until the end."""
    try:
        for frame in frames:
            await ws.send_raw(frame)
        await ws.send("ping", id="the last")
    except ConnectionClosed:
        pass
    while True:
        try:
            answer = await ws.expect()
        except NoFrame:
            assert ws.socket.close_code is not None, "no answer, and not closed either"
            return
        if answer == {"type": "pong", "id": "the last"}:
            return
        yield answer


async def lives(server: Server, alice: Person, bob: Person) -> None:
    async with server.connect(alice) as hers, server.connect(bob) as his:
        message = await hers.send_text(bob.name, "still here")
        await his.expect("message", message=message)
