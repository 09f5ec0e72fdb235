"""Who gets to see the key, the URL, and people's words: nobody else."""

import logging

import pytest

from tests.bots.llm.hearing import KEY, hear, to
from tests.services.llm import CUT, LLM, fail, say

NUMBERS = ("created", "msecs", "relativeCreated", "thread", "process")
"""What a record holds of itself: the digits of a port are among them now and then."""


async def test_no_log_tells_a_secret(llm: LLM, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    llm.script("Hush", fail(500, retry_after=0), say("Psst", CUT))
    llm.script("Hush all", fail(401, message=f"Incorrect API key provided: {KEY}"))
    await hear(to(llm), "Hush")
    await hear(to(llm), "Hush all")
    assert "cut off" in caplog.text and "HTTP 401" in caplog.text
    told = caplog.text + "".join(
        str({name: value for name, value in record.__dict__.items() if name not in NUMBERS})
        for record in caplog.records
    )
    for secret in (KEY, "127.0.0.1", str(llm.port), "Hush", "Psst", "Incorrect", "Secret"):
        assert secret not in told


async def test_a_redirect_takes_neither_question_nor_key_elsewhere(llm: LLM) -> None:
    with LLM() as other:
        elsewhere = f"{other.url}/chat/completions"
        llm.script("Hello", fail(307, location=elsewhere))
        assert (await hear(to(llm), "Hello")).outcome == "refused"
        assert (len(llm.asked), other.asked) == (1, [])


async def test_a_page_is_no_answer(llm: LLM) -> None:
    with LLM() as other:
        other.expect_request("/chat/completions").respond_with_data(
            "<h1>Welcome</h1>", content_type="text/html"
        )
        connection = to(other)._replace(base_url=other.url_for(""))
        assert (await hear(connection, "Hello")).outcome == "refused"


async def test_the_environment_adds_nothing(llm: LLM, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, f"the {name}")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: secret\nAuthorization: Bearer other")
    await hear(to(llm, key="sk-its-own"), "Hello")
    headers = llm.asked[0].headers
    assert headers["authorization"] == "Bearer sk-its-own"
    assert set(headers) == {
        "accept", "accept-encoding", "authorization", "connection", "content-length",
        "content-type", "host", "user-agent", "x-stainless-raw-response",
    }  # fmt: skip
