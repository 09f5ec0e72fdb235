"""How often answers that grow are shown."""

import asyncio
import itertools
from collections import defaultdict

import pytest

from bots.cases import Asking
from bots.connection import Connection
from bots.growing import Growing
from bots.llm.prompt import Prompt
from chat import deltas
from chat.protocol import Message

WORDS, WORD_EVERY = 8, 0.03
"""How many a model says, and with how many seconds in between."""
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
    """Word by word."""
    answer.begin()
    for _ in range(WORDS):
        answer.add("more ")
        await answer.rest()
        await asyncio.sleep(WORD_EVERY)
    answer.end()


@pytest.mark.parametrize(
    ("count", "conversation", "every"),
    [(1, "dm:alice:openai", 0.05), (50, "dm:alice:openai", 0.1), (1, "room:lab", 0.2)],
    ids=["alone", "fifty at once", "in a room"],
)
async def test_the_more_answers_grow_the_less_often_each_is_shown(
    shown, count, conversation, every
):
    answers = [growing(number, conversation) for number in range(count)]
    await asyncio.gather(*map(write, answers))
    assert len(shown) == count
    for frames in shown.values():
        assert [text for _, text in frames[:2]] == ["", "more "]
        assert len(frames[-1][1]) > len("more ")
        times = [time for time, _ in frames[1:]]
        assert all(b - a >= every - EARLY for a, b in itertools.pairwise(times))


async def test_the_first_words_are_shown_at_once(shown):
    answer = growing(1, "dm:alice:openai")
    answer.begin()
    answer.add("Hello")
    resting = asyncio.ensure_future(answer.rest())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [text for _, text in shown["question 1"]] == ["", "Hello"]
    assert not resting.done()
    await resting
    answer.end()


async def test_what_comes_together_is_taken_without_rest(shown):
    answer = growing(1, "dm:alice:openai")
    answer.begin()
    answer.add("One ")
    await answer.rest()
    answer.add("two ")
    resting = answer.rest()
    with pytest.raises(StopIteration):  # it waits for nothing
        resting.send(None)
    answer.end()
