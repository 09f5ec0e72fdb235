"""What a person is told where there is no answer, or half of one."""

import asyncio
import logging
import socket
from contextlib import aclosing
from threading import Event

import pytest
from pytest_django.fixtures import Settings

from bots.connection import Connection
from bots.failures import LONGEST, SENTENCES, Failure
from bots.llm import exchange
from bots.llm.asking import ask
from bots.llm.prompt import Used
from bots.llm.requests import most_bytes
from bots.llm.said import MOST_TOKENS
from bots.llm.text import ROOM
from chat.protocol import MAX_BODY
from tests.bots.llm.hearing import hear, leap, prompt, to
from tests.client import WITHIN
from tests.services.llm import CUT, LLM, Answer, Raw, fail, held, say
from tests.services.ports import free_port
from tests.waiting import until


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (fail(401), "wrong key", "HTTP 401, invalid_api_key, invalid_request_error"),
        (fail(403, code="Not a word!"), "wrong key", "HTTP 403, invalid_request_error"),
        (fail(402, code="payment_required"), "quota", "HTTP 402, payment_required, billing_error"),
        (fail(429, code="insufficient_quota"), "quota", "insufficient_quota"),
        (fail(404), "refused", "HTTP 404, model_not_found"),
        (fail(400), "refused", "HTTP 400"),
        (fail(400, code="context_length_exceeded"), "too long", "context_length_exceeded"),
    ],
)
async def test_what_is_refused_is_not_tried_again(
    llm: LLM, caplog: pytest.LogCaptureFixture, answer: Answer, outcome: str, reason: str
) -> None:
    llm.script("Hello", answer)
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text, len(llm.asked)) == (outcome, "", 1)
    [line] = [record for record in caplog.records if record.name.startswith("bots")]
    assert line.levelno == logging.WARNING
    assert line.message.startswith(f"openai had no whole answer of clever-1: {outcome}: ")
    assert reason in line.message
    assert "Secret" not in caplog.text and "Not a word" not in caplog.text
    assert (heard.used.prompt_tokens, heard.used.answer_tokens) == (0, 0)


@pytest.mark.parametrize(
    ("answer", "outcome", "text"),
    [
        (say("Half", CUT), "cut off", "Half"),
        (say("Half", finish=None), "cut off", "Half"),
        (say("Half", Raw("data: {no json\n\n"), "more"), "cut off", "Half"),
        (say("Half", Raw('data: {"choices": 5}\n\n')), "cut off", "Half"),
        (say("Half", Raw('data: {"error": {"code": 500}}\n\n')), "cut off", "Half"),
        (
            say("Half", Raw(r'data: {"choices": [{"delta": {"content": "\ud83d"}}]}' "\n\n"), CUT),
            "cut off",
            "Half",
        ),
        (say("Half", finish="length"), "too long", "Half"),
        (say("Half", finish="content_filter"), "refused", "Half"),
        (say(), "empty", ""),
        (say(" ", "\n", "\0"), "empty", ""),
    ],
)
async def test_what_had_come_is_kept(llm: LLM, answer: Answer, outcome: str, text: str) -> None:
    llm.script("Hello", answer)
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text, len(llm.asked)) == (outcome, text, 1)
    assert heard.used.prompt_tokens > 0


async def test_what_goes_wrong_after_the_end_does_not_matter(llm: LLM) -> None:
    """A server's count of tokens that no database holds, an event that is none, and a cut."""
    end = Raw('data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n')
    usage = Raw(f'data: {{"usage": {{"prompt_tokens": -5, "completion_tokens": {10**18}}}}}\n\n')
    llm.script("Hello", say("Done.", end, usage, Raw("data: {\n\n"), CUT))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text, len(llm.asked)) == ("answered", "Done.", 1)
    assert heard.used == Used(0, MOST_TOKENS)


async def test_a_message_holds_a_long_answer_and_the_sentence_about_it(llm: LLM) -> None:
    llm.script("Hello", say("x" * (ROOM - 1), "yz", Event()))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, len(heard.text), heard.text[-2:]) == ("too long", ROOM, "xy")
    assert len(f"{heard.text}\n\n{max(SENTENCES.values(), key=len)}") == MAX_BODY
    assert LONGEST < MAX_BODY / 10


SPACES = Raw(f'data: {{"choices": [{{"delta": {{"content": "{" " * 100_000}"}}}}]}}\n\n')
FRAGMENTS = Raw(
    'data: {"choices": [{"delta": {"tool_calls": [{"function": {"arguments": "'
    f'{"1" * 100_000}"}}}}]}}}}]}}\n\n'
)
COMMENTS = Raw(f": {'.' * 100_000}\n\n")
FLOOD = most_bytes({"max_tokens": 100}) // 100_000 + 1
"""Of these are more than an answer of 100 tokens has."""


@pytest.mark.parametrize("endless", [SPACES, FRAGMENTS, COMMENTS])
async def test_a_stream_has_a_size(llm: LLM, endless: Raw) -> None:
    llm.script("Hello", say(*[endless] * FLOOD, Event()))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text, len(llm.asked)) == ("too long", "", 1)
    assert await asyncio.to_thread(llm.asked[0].hung_up.wait, WITHIN)


async def test_a_stream_that_goes_on_after_the_end_is_left(llm: LLM) -> None:
    end = Raw('data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n')
    llm.script("Hello", say("Done.", end, *[COMMENTS] * FLOOD, Event()))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text) == ("answered", "Done.")


@pytest.mark.parametrize("answer", [held(Event(), say("Never")), say(Event(), "Never")])
async def test_the_first_token_has_its_time(
    llm: LLM, settings: Settings, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    llm.script("Hello", answer)
    hearing = asyncio.create_task(hear(to(llm), "Hello"))
    await until(lambda: llm.asked)
    leap(monkeypatch, settings.BOT_FIRST_TOKEN_TIMEOUT)
    heard = await hearing
    assert (heard.outcome, heard.text, len(llm.asked)) == ("too slow", "", 1)


async def test_the_whole_answer_has_its_time(
    llm: LLM, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    llm.script("Hello", say("Half", Event(), "Never"))
    async with aclosing(ask(to(llm), prompt("Hello"), None, Used())) as pieces:
        assert await anext(pieces) == "Half"
        leap(monkeypatch, settings.BOT_ANSWER_TIMEOUT)
        with pytest.raises(Failure) as failed:
            await anext(pieces)
    assert failed.value.outcome.value == "too slow"


async def test_an_answer_that_has_ended_waits_no_longer(
    llm: LLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the server keeps the connection open."""
    monkeypatch.setattr(exchange, "GRACE", 0.1)
    end = '{"choices": [{"delta": {}, "finish_reason": "stop"}]}'
    llm.script("Hello", say("Done.", Raw(f"data: {end}\n\n"), Event()))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text) == ("answered", "Done.")


async def test_nobody_listens(caplog: pytest.LogCaptureFixture) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"
    heard = await hear(Connection(url, "", "clever-1"), "Hello")
    assert heard.outcome == "unreachable"
    assert "unreachable: ConnectError" in caplog.text


async def test_connecting_has_its_time(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BOT_CONNECT_TIMEOUT = 0.2
    with socket.socket() as server, socket.socket() as first:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        first.connect(server.getsockname())  # takes the only place: others are not answered
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        heard = await hear(Connection(url, "", "clever-1"), "Hello")
    assert heard.outcome == "unreachable"
    assert "unreachable: ConnectTimeout" in caplog.text


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:99999/v1", "http://[::/v1", "nothing", f"http://{'a' * 70}.localhost/v1"],
)
async def test_a_base_url_that_is_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PAUSE", 0)
    assert (await hear(Connection(url, "", "clever-1"), "Hello")).outcome == "unreachable"


async def test_an_error_that_breaks_off(llm: LLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PAUSE", 0)
    llm.script("Hello", fail(401, **{"Content-Length": "9999"}))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, len(llm.asked)) == ("unreachable", 2)


@pytest.mark.parametrize("key", ["sk–copied", "sk-one\nsk-two"])
async def test_a_key_that_no_header_can_hold(llm: LLM, key: str) -> None:
    heard = await hear(to(llm, key), "Hello")
    assert (heard.outcome, llm.asked) == ("wrong key", [])


def test_every_failure_has_one_sentence() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith(".") and sentence.count(". ") == 0
