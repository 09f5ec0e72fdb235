"""Subscribing and unsubscribing again and again, from two processes at once, amid readings."""

import asyncio
import itertools
from contextlib import AsyncExitStack
from functools import partial

import pytest

from chat.models import Membership
from devices.ids import feed_of
from tests.client import Client, Frame, matches
from tests.devices.commands.talking import ask, meet
from tests.devices.hardware import new_device, now
from tests.installation import Installation, Person
from tests.waiting import until_awaited

ROUNDS = 4
BOTH = ("subscribe", "unsubscribe")
SAID_AT_ONCE = 10
AMID = 5
"""Readings that are under way while something else happens."""


class Boiler:
    """A device that reports to both processes in turn, where there are two."""

    def __init__(self, server: Installation) -> None:
        self._hardware = new_device(server)
        self.name, self.feed = self._hardware.name, feed_of(self._hardware.name)
        self._begun, self._values = now() - 1_000, itertools.count()

    async def report(self) -> float:
        """One more reading; gives its value, which no other has."""
        value = float(next(self._values))
        reading = {"value": value, "time": self._begun + value}
        response = await self._hardware.post(reading)
        assert response.status < 300, response.body
        return value

    async def report_some(self) -> None:
        await asyncio.gather(*(self.report() for _ in range(AMID)))


@pytest.fixture
def boiler(server) -> Boiler:
    return Boiler(server)


class Pair:
    """Two connections of one person, on two processes where there are two."""

    def __init__(self, one: Client, other: Client) -> None:
        self.both = [one, other]

    async def next_reading(self, boiler: Boiler) -> None:
        """Have it report, and wait for that here and there."""
        value = await boiler.report()
        for ws in self.both:
            await ws.expect("message", message={"kind": "reading", "data": {"value": value}})


async def connected(
    stack: AsyncExitStack, server: Installation, person: Person, boiler: Boiler
) -> Pair:
    one, other = [await stack.enter_async_context(server.connect(person)) for _ in range(2)]
    for ws in (one, other):
        await meet(ws, boiler.name)
    return Pair(one, other)


def forget(ws: Client) -> None:
    """Drop what has been read, and nothing that is still to be read."""
    ws._kept.clear()


async def shows(ws: Client, feed: str, subscribed: bool) -> bool:
    """Whether that is the last that this connection was told of the membership so far."""
    await ws.barrier()
    told = {"type": "conversation", "conversation": {"id": feed}}
    left = {"type": "left", "conversation": feed}
    changes = [f for f in ws._kept if matches(f, told) or matches(f, left)]
    return bool(changes) and matches(changes[-1], told if subscribed else left)


def readings(frames: list[Frame]) -> list[Frame]:
    return [f for f in frames if f["type"] == "message" and f["message"]["kind"] == "reading"]


def is_subscribed(server: Installation, person: Person, feed: str) -> bool:
    rows = Membership.objects.filter(account=person.name, conversation=feed)
    return server.database.call(rows.exists)


async def test_after_the_answer_no_reading_comes_not_even_one_under_way(server, boiler, alice, bob):
    device = boiler.name
    async with AsyncExitStack() as stack:
        hers = await connected(stack, server, alice, boiler)
        his = await connected(stack, server, bob, boiler)
        await ask(his.both[0], device, "subscribe")
        for number in range(ROUNDS):
            asking, watching = hers.both if number % 2 else reversed(hers.both)
            await ask(asking, device, "subscribe")
            await watching.expect("message", message={"sender": device, "kind": "text"})
            for ws in hers.both:  # the other process looks it up, and meanwhile answers come
                await ws.expect("conversation", conversation={"id": boiler.feed})
            await hers.next_reading(boiler)
            reporting = asyncio.create_task(boiler.report_some())
            assert "no longer" in await ask(asking, device, "unsubscribe")
            await watching.expect("message", message={"sender": device, "kind": "text"})
            for ws in hers.both:
                forget(ws)  # what came before the answer
            await reporting
            await his.next_reading(boiler)
            for ws in hers.both:
                assert readings(await ws.seen("message")) == []


async def test_at_the_end_all_agree(server, boiler, alice, bob):
    """Alice says both, many times, on both connections at once, and then is asked no more."""
    before = server.log_length
    async with AsyncExitStack() as stack:
        hers = await connected(stack, server, alice, boiler)
        his = await connected(stack, server, bob, boiler)
        await ask(his.both[0], boiler.name, "subscribe")
        one, other = hers.both
        await asyncio.gather(
            say_both(one, boiler, *BOTH), say_both(other, boiler, *BOTH[::-1]), boiler.report_some()
        )
        answers = [await all_answers(ws, boiler, 4 * SAID_AT_ONCE) for ws in hers.both]
        assert answers[0] == answers[1]
        check_each_was_carried_out_once([answers[0][seq] for seq in sorted(answers[0])])
        assert "was refused" not in server.log_since(before)
        subscribed = is_subscribed(server, alice, boiler.feed)
        assert subscribed == answers[0][max(answers[0])].startswith("You are subscribed")
        for ws in hers.both:
            await until_awaited(partial(shows, ws, boiler.feed, subscribed))
            forget(ws)
        await his.next_reading(boiler)
        for ws in hers.both:
            assert bool(readings(await ws.seen("message"))) == subscribed


def check_each_was_carried_out_once(answers: list[str]) -> None:
    """Each answer is what the one before it led to."""
    subscribed = False
    for said in answers:
        began, ended = said.startswith("You are subscribed to"), "no longer" in said
        again, never = "since" in said, said.startswith("You are not subscribed")
        assert (ended or again) if subscribed else (began or never), said
        subscribed = began or again


async def say_both(ws: Client, boiler: Boiler, *texts: str) -> None:
    await ws.send_texts(boiler.name, list(texts) * SAID_AT_ONCE)


async def all_answers(ws: Client, boiler: Boiler, count: int) -> dict[int, str]:
    """By seq, what was answered; an answer may come twice."""
    found: dict[int, str] = {}
    while len(found) < count:
        frame = await ws.expect("message", message={"sender": boiler.name, "kind": "text"})
        found[frame["message"]["seq"]] = frame["message"]["body"]
    return found
