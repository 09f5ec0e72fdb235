"""A whole answer: what is sent, and what comes of it."""

import asyncio
from contextlib import aclosing
from threading import Event

import pytest

from bots.llm.asking import ask
from bots.llm.prompt import Prompt, Used, Words
from tests.bots.llm.hearing import KEY, hear, prompt, to
from tests.client import WITHIN
from tests.services.llm import LLM, Asked, held, say
from tests.waiting import until


async def hung_up(asked: Asked) -> bool:
    return await asyncio.to_thread(asked.hung_up.wait, WITHIN)


async def test_the_text_comes_in_pieces_as_it_is_generated(llm: LLM) -> None:
    more = Event()
    llm.script("story", say("Once ", more, "upon a time"))
    async with aclosing(ask(to(llm), prompt("A story"), None, Used())) as pieces:
        assert await anext(pieces) == "Once "
        more.set()
        assert [piece async for piece in pieces] == ["upon a time"]


async def test_the_model_is_sent_the_conversation_with_the_roles(llm: LLM) -> None:
    words = [Words("user", "Hi"), Words("assistant", "Hello!"), Words("user", "And you?")]
    async with aclosing(ask(to(llm), Prompt("Be angry.", words, 1.5, 77), None, Used())) as pieces:
        assert [piece async for piece in pieces] == ["You said: And you?"]
    [asked] = llm.about("And you?")
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body == {
        "model": "clever-1",
        "messages": [
            {"role": "system", "content": "Be angry."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "And you?"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 77,
        "temperature": 1.5,
    }


async def test_a_server_that_needs_no_key_is_asked_without_one(llm: LLM) -> None:
    heard = await hear(to(llm, key=""), "Anybody?")
    assert heard.text == "You said: Anybody?"
    assert KEY not in llm.asked[0].headers["authorization"]


async def test_two_at_once_do_not_wait_for_each_other(llm: LLM) -> None:
    more = Event()
    llm.script("Alice", say("To ", more, "Alice"))
    async with asyncio.TaskGroup() as group:
        alice = group.create_task(hear(to(llm), "I am Alice"))
        bob = await hear(to(llm), "I am Bob")
        assert not alice.done()
        more.set()
    assert (alice.result().text, bob.text) == ("To Alice", "You said: I am Bob")


async def test_closing_the_iterator_ends_the_request(llm: LLM) -> None:
    llm.script("story", say("Once ", Event(), "upon a time"))
    used = Used()
    pieces = ask(to(llm), prompt("A story"), None, used)
    await anext(pieces)
    await pieces.aclose()
    assert await hung_up(llm.asked[0])
    assert used.prompt_tokens > 0 and used.answer_tokens > 0  # an estimate


@pytest.mark.parametrize("answer", [held(Event(), say("Never")), say(Event(), "Never")])
async def test_cancelling_who_waits_for_the_first_token_ends_the_request(llm: LLM, answer) -> None:
    llm.script("slow", answer)
    used = Used()
    pieces = ask(to(llm), prompt("Be slow"), None, used)
    waiting = asyncio.ensure_future(anext(pieces))
    await until(lambda: llm.about("slow"))
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert await hung_up(llm.asked[0])
    assert used.prompt_tokens > 0 and used.answer_tokens == 0


async def test_the_servers_own_count_of_tokens_is_taken(llm: LLM) -> None:
    llm.script("count", say("One", usage=(123, 45)))
    assert (await hear(to(llm), "count")).used == Used(123, 45)
