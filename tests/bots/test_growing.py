"""How often answers that grow are shown."""

import asyncio
import itertools
import time
from collections import defaultdict

import pytest

from bots.cases import Asking
from bots.connection import Connection
from bots.growing import SHOWN_EVERY, Growing
from bots.llm.prompt import Prompt
from chat import deltas
from chat.protocol import Message

TIMES, EVERY = 6, 0.03
"""How often a model says something, and with how many seconds in between."""
EARLY = 0.002
"""Seconds by which a timer may come before its time."""


def growing(number: int, conversation: str) -> Growing:
    question = Message(
        id=f"question {number}", conversation=conversation, seq=1, sender="alice",
        kind="text", body="?", data=None, sent_at="2026-11-23T12:00:00.000Z",
    )  # fmt: skip
    prompt = Prompt("", [], None, 100)
    return Growing(Asking("openai", question, "happy", prompt, Connection("", "", "m"), False))


@pytest.fixture
def shown(monkeypatch):
    """When which text of which answer was shown."""
    frames = defaultdict(list)

    def show(conversation, sender, reply_to, text):
        frames[reply_to].append((asyncio.get_running_loop().time(), text))

    monkeypatch.setattr(deltas, "show", show)
    return frames


async def write(answer: Growing) -> None:
    """Two words at a time."""
    for _ in range(TIMES):
        await answer.add("more ")
        await asyncio.sleep(0)
        await answer.add("and ")
        await asyncio.sleep(EVERY)


@pytest.mark.parametrize(
    ("count", "conversation", "every"),
    [(1, "dm:alice:openai", 0.05), (50, "dm:alice:openai", 0.1), (1, "room:lab", 0.2)],
    ids=["alone", "fifty at once", "in a room"],
)
async def test_the_more_answers_grow_the_less_often_each_is_shown(
    shown, count, conversation, every
):
    answers = [growing(number, conversation) for number in range(count)]
    for answer in answers:
        answer.begin()
    await asyncio.gather(*map(write, answers))
    for answer in answers:
        answer.end()
    assert len(shown) == count
    for frames in shown.values():
        assert [text for _, text in frames[:2]] == ["", "more "]
        assert len(frames[-1][1]) > len("more ")
        times = [time for time, _ in frames[1:]]
        assert all(b - a >= every - EARLY for a, b in itertools.pairwise(times))


async def test_who_was_shown_late_is_shown_again_no_sooner(monkeypatch):
    """Every other time the showing itself takes a while."""
    times: list[float] = []

    def show(*_: str) -> None:
        if len(times) % 2:
            time.sleep(SHOWN_EVERY / 2)
        times.append(time.monotonic())

    monkeypatch.setattr(deltas, "show", show)
    answer = growing(1, "dm:alice:openai")
    answer.begin()
    await write(answer)
    answer.end()
    assert len(times) > 3
    assert all(b - a >= SHOWN_EVERY - EARLY for a, b in itertools.pairwise(times[1:]))


async def test_the_first_words_are_shown_at_once(shown):
    answer = growing(1, "dm:alice:openai")
    answer.begin()
    frames, loop = shown["question 1"], asyncio.get_running_loop()
    loop.call_later(SHOWN_EVERY / 2, frames.append, (0.0, "(a moment later)"))
    await answer.add("Hello")  # the next words are wanted when they would be shown
    assert [text for _, text in frames] == ["", "Hello", "(a moment later)"]
    answer.end()


async def test_what_comes_together_is_taken_without_rest(shown, monkeypatch):
    monkeypatch.setattr("bots.growing.AWAKE", 60.0)  # for machines that stall
    answer = growing(1, "dm:alice:openai")
    answer.begin()
    await answer.add("One ")  # afterwards it is awake
    adding = answer.add("two ")
    with pytest.raises(StopIteration):  # it waits for nothing
        adding.send(None)
    answer.end()
