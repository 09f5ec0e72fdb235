"""Subscribing and unsubscribing again and again, from two processes at once, amid readings."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from chat.models import Membership
from tests.client import Client, Frame, matches
from tests.devices.commands.talking import ask, reading
from tests.installation import Installation, Person

DEVICE = "thermometer1"
FEED = f"device:{DEVICE}"
ROUNDS = 4
BOTH = ("subscribe", "unsubscribe")
SAID_AT_ONCE = 10


@pytest.fixture(scope="module")
def busy(topology, module_server) -> Installation:
    """Its thermometer reports every half second."""
    background = {} if topology == "embedded" else {"background": True}
    return module_server(THERMOMETER_INTERVAL="0.5", **background)


@pytest.fixture
def alice(busy) -> Person:
    return busy.person("alice")


@pytest.fixture
def bob(busy) -> Person:
    return busy.person("bob")


class Pair:
    """Two connections of one person, on two processes where there are two."""

    def __init__(self, one: Client, other: Client) -> None:
        self.both = [one, other]

    async def next_reading(self) -> None:
        """Wait for one that is stored from now on, here and there; older ones are dropped."""
        for ws in self.both:
            await ws.seen("message")
        newest = max([(await reading(ws, DEVICE))["seq"] for ws in self.both])
        for ws in self.both:
            while (await reading(ws, DEVICE))["seq"] <= newest:
                pass


async def connected(stack: AsyncExitStack, server: Installation, person: Person) -> Pair:
    one, other = [await stack.enter_async_context(server.connect(person)) for _ in range(2)]
    return Pair(one, other)


def forget(ws: Client) -> None:
    """Drop what has been read, and nothing that is still to be read."""
    ws._kept.clear()


async def changes(ws: Client) -> list[str]:
    """What was told of the membership so far, in its order."""
    await ws.barrier()
    joined = {"type": "conversation", "conversation": {"id": FEED}}
    left = {"type": "left", "conversation": FEED}
    return [f["type"] for f in ws._kept if matches(f, joined) or matches(f, left)]


def readings(frames: list[Frame]) -> list[Frame]:
    return [f for f in frames if f["type"] == "message" and f["message"]["kind"] == "reading"]


def is_subscribed(server: Installation, person: Person) -> bool:
    rows = Membership.objects.filter(account=person.name, conversation=FEED)
    return server.database.call(rows.exists)


async def test_after_the_answer_no_reading_comes_not_even_one_under_way(busy, alice, bob):
    async with AsyncExitStack() as stack:
        hers = await connected(stack, busy, alice)
        his = await connected(stack, busy, bob)
        await ask(his.both[0], DEVICE, "subscribe")
        for number in range(ROUNDS):
            asking, watching = hers.both if number % 2 else reversed(hers.both)
            await ask(asking, DEVICE, "subscribe")
            await watching.expect("message", message={"sender": DEVICE, "kind": "text"})
            await hers.next_reading()
            assert "no longer" in await ask(asking, DEVICE, "unsubscribe")
            await watching.expect("message", message={"sender": DEVICE, "kind": "text"})
            for ws in hers.both:
                forget(ws)  # what came before the answer
            await his.next_reading()
            for ws in hers.both:
                assert readings(await ws.seen("message")) == []


async def test_at_the_end_all_agree(busy, alice, bob):
    """Alice says both, many times, on both connections at once, and then is asked no more."""
    async with AsyncExitStack() as stack:
        hers = await connected(stack, busy, alice)
        his = await connected(stack, busy, bob)
        await ask(his.both[0], DEVICE, "subscribe")
        await asyncio.gather(say_both(hers.both[0], *BOTH), say_both(hers.both[1], *BOTH[::-1]))
        answers = [await all_answers(ws, 4 * SAID_AT_ONCE) for ws in hers.both]
        assert answers[0] == answers[1]
        check_each_was_carried_out_once([answers[0][seq] for seq in sorted(answers[0])])
        assert "was refused" not in busy.log
        subscribed = is_subscribed(busy, alice)
        assert subscribed == answers[0][max(answers[0])].startswith("You are subscribed")
        for ws in hers.both:
            assert (await changes(ws))[-1] == ("conversation" if subscribed else "left")
            forget(ws)
        await his.next_reading()
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


async def say_both(ws: Client, *texts: str) -> None:
    await ws.send_texts(DEVICE, list(texts) * SAID_AT_ONCE)


async def all_answers(ws: Client, count: int) -> dict[int, str]:
    """By seq, what was answered; an answer may come twice."""
    found: dict[int, str] = {}
    while len(found) < count:
        frame = await ws.expect("message", message={"sender": DEVICE, "kind": "text"})
        found[frame["message"]["seq"]] = frame["message"]["body"]
    return found
