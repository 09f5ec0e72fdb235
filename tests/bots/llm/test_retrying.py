"""One more attempt before the first token, and none afterwards."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bots.llm import exchange
from bots.llm.waits import seconds
from tests.bots.llm.hearing import hear, to
from tests.services.llm import CUT, LLM, Answer, Raw, fail, say

WAIT = 1


def dated(hours: float) -> str:
    """As HTTP writes dates."""
    return format_datetime(datetime.now(UTC) + timedelta(hours=hours), usegmt=True)


@pytest.mark.parametrize(
    "trouble",
    [
        fail(429, retry_after=0),
        fail(500, retry_after=0),
        fail(503),
        say(CUT),
        say(finish=None),
        say(Raw('data: {"error": {"type": "server_error"}}\n\n')),
    ],
)
async def test_a_passing_trouble_is_not_told(
    llm: LLM, monkeypatch: pytest.MonkeyPatch, trouble: Answer
) -> None:
    monkeypatch.setattr(exchange, "PAUSE", 0)
    llm.script("Hello", trouble, say("Now."))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, heard.text, len(llm.asked)) == ("answered", "Now.", 2)
    assert llm.asked[0].body == llm.asked[1].body


async def test_the_server_is_left_alone_as_long_as_it_asks(llm: LLM) -> None:
    llm.script("Hello", fail(429, retry_after=WAIT), say("Now."))
    assert (await hear(to(llm), "Hello")).text == "Now."
    first, second = llm.asked
    assert first.ended_at is not None
    assert second.at - first.ended_at > WAIT - 0.05


@pytest.mark.parametrize("status", [429, 503])
async def test_there_are_two_attempts_and_no_more(llm: LLM, status: int) -> None:
    llm.script("Hello", fail(status, retry_after=0))
    heard = await hear(to(llm), "Hello")
    assert (heard.outcome, len(llm.asked)) == ("overloaded", 2)


async def test_nobody_waits_longer_than_for_a_first_token(llm: LLM) -> None:
    for retry_after in (3600, dated(hours=24)):
        llm.forget()
        llm.script("Hello", fail(429, retry_after=retry_after))
        heard = await hear(to(llm), "Hello")
        assert (heard.outcome, len(llm.asked)) == ("overloaded", 1)


def test_retry_after_is_a_number_or_a_date() -> None:
    assert seconds("0") == 0
    assert seconds("2.5") == 2.5
    assert seconds(dated(hours=-1)) == 0
    in_an_hour = seconds(dated(hours=1))
    assert in_an_hour is not None and 3000 < in_an_hour <= 3600


@pytest.mark.parametrize("header", [None, "", "soon", "-1", "1e3", "NaN", "1" * 400, "٣"])
def test_a_retry_after_that_says_nothing(header: str | None) -> None:
    assert seconds(header) is None
