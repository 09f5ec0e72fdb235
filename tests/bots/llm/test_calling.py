"""Tools that the model calls."""

import asyncio
import json
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from bots.connection import Connection
from bots.llm.calls import MOST, TOO_MANY
from bots.tools import Toolbox
from tests.bots.llm.hearing import KEY, hear, leap, to
from tests.services.llm import LLM, Answer, Call, Raw, call, fail, say
from tests.waiting import until

ADD = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}}}


class Abacus(Toolbox):
    """Adds, and nothing else."""

    def __init__(self, never: bool = False) -> None:
        super().__init__("alice")
        self.is_asked = False
        self._never = never

    def schema(self) -> list[dict[str, Any]]:
        return [ADD]

    async def call(self, name: str, arguments: str) -> str:
        self.is_asked = True
        if self._never:
            await asyncio.Event().wait()
        if name != "add":
            return json.dumps({"error": f"There is no {name}, only add."})
        return json.dumps({"sum": sum(json.loads(arguments)["numbers"])})


def add(*numbers: int) -> Call:
    return Call("add", {"numbers": list(numbers)})


async def test_the_model_is_told_what_its_tools_found(llm: LLM) -> None:
    llm.script("sums", call("Wait. ", add(1, 2), add(30, 40)), say("3 and 70."))
    heard = await hear(to(llm), "Two sums", Abacus())
    assert heard.text == "Wait. \n\n3 and 70."
    first, second = llm.asked
    assert first.body["tools"] == second.body["tools"] == [ADD]
    assert second.results == ['{"sum": 3}', '{"sum": 70}']
    said = second.messages[2]
    assert (said["role"], said["content"]) == ("assistant", "Wait. ")
    assert [json.loads(made["function"]["arguments"]) for made in said["tool_calls"]] == [
        {"numbers": [1, 2]},
        {"numbers": [30, 40]},
    ]
    assert heard.used.prompt_tokens > len(["Be", "happy.", "Two", "sums"]) * 2  # of both rounds


async def test_what_the_model_got_wrong_it_is_told(llm: LLM) -> None:
    llm.script("sums", call(Call("subtract", "")), say("I cannot."))
    assert (await hear(to(llm), "sums", Abacus())).text == "I cannot."
    assert llm.asked[1].results == ['{"error": "There is no subtract, only add."}']
    assert llm.asked[1].messages[2]["tool_calls"][0]["function"]["arguments"] == "{}"


async def test_after_five_rounds_it_has_to_answer(llm: LLM) -> None:
    llm.script("sums", *[call(add(1, n)) for n in range(5)], say("Enough."))
    assert (await hear(to(llm), "sums", Abacus())).text == "Enough."
    assert ["tools" in asked.body for asked in llm.asked] == [True] * 5 + [False]
    assert len(llm.asked[-1].results) == 5


async def test_who_calls_on_without_tools_has_nothing_to_say(llm: LLM) -> None:
    llm.script("sums", call(add(1, 2)))
    assert (await hear(to(llm), "sums", Abacus())).outcome == "empty"
    assert len(llm.asked) == 6


async def test_a_round_has_a_limit(llm: LLM) -> None:
    llm.script("sums", call(*[add(n) for n in range(MOST + 1)]), say("Done."))
    assert (await hear(to(llm), "sums", Abacus())).text == "Done."
    assert llm.asked[1].results == [f'{{"sum": {n}}}' for n in range(MOST)] + [TOO_MANY]


async def test_without_a_toolbox_there_are_no_tools(llm: LLM) -> None:
    llm.script("sums", call("Three?", add(1, 2)))
    assert (await hear(to(llm), "sums")).text == "Three?"
    assert "tools" not in llm.asked[0].body and len(llm.asked) == 1


async def test_tools_are_in_the_answers_time(
    llm: LLM, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    llm.script("sums", call(add(1, 2)))
    abacus = Abacus(never=True)
    hearing = asyncio.create_task(hear(to(llm), "sums", abacus))
    await until(lambda: abacus.is_asked)
    leap(monkeypatch, settings.BOT_ANSWER_TIMEOUT)
    assert (await hearing).outcome == "too slow"


@pytest.mark.parametrize("finish", ["stop", "tool_calls"])
async def test_other_servers_name_calls_otherwise(llm: LLM, finish: str) -> None:
    """Without an index, whole, with half a character; and the end is as any other."""
    made = [
        {"id": f"id{n}", "function": {"name": "add\ud83d", "arguments": f'{{"numbers": [{n}]}}'}}
        for n in range(2)
    ]
    raw = Raw(f"data: {json.dumps({'choices': [{'delta': {'tool_calls': made}}]})}\n\n")
    llm.script("sums", say(raw, finish=finish), say("Done."))
    assert (await hear(to(llm), "sums", Abacus())).text == "Done."
    assert llm.asked[1].results == ['{"sum": 0}', '{"sum": 1}']


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "registry.ollama.ai/library/gemma does not support tools"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser'),
        (404, "No endpoints found that support tool use."),
        (422, "Tools are not enabled."),
        (500, "tools param requires --jinja flag"),
    ],
)
async def test_a_model_that_knows_no_tools_is_asked_without_them_from_then_on(
    llm: LLM, status: int, message: str
) -> None:
    llm.script("Hello", fail(status, message=message), say("Good day."))
    simple = Connection(llm.url, KEY, f"gemma-{message}")
    assert (await hear(simple, "Hello", Abacus())).text == "Good day."
    assert (await hear(simple, "Hello", Abacus())).text == "Good day."
    assert ["tools" in asked.body for asked in llm.asked] == [True, False, False]
    assert (await hear(to(llm), "Hello", Abacus())).text == "Good day."
    assert "tools" in llm.asked[-1].body


async def test_a_refusal_that_is_not_for_the_tools_takes_them_from_nobody(llm: LLM) -> None:
    """It quotes the person, and comes again without them."""
    refused = fail(400, message="Not allowed: my tool is a hammer")
    llm.script("Hello", refused, refused, call(add(1, 2)), say("Three."))
    odd = Connection(llm.url, KEY, "odd")
    assert (await hear(odd, "Hello", Abacus())).outcome == "refused"
    assert (await hear(odd, "Hello", Abacus())).text == "Three."
    assert ["tools" in asked.body for asked in llm.asked] == [True, False, True, True]


@pytest.mark.parametrize(
    "refused",
    [
        fail(404, message="The model llama3-groq-tool-use is not there."),
        fail(401, message="No tools for this key."),
        fail(400, code="tools"),
    ],
)
async def test_other_refusals_are_final(llm: LLM, refused: Answer) -> None:
    llm.script("Hello", refused, say("Good day."))
    assert (await hear(to(llm), "Hello", Abacus())).failure
    assert len(llm.asked) == 1


async def test_tools_that_are_refused_later_do_not_begin_the_answer_anew(llm: LLM) -> None:
    refused = fail(400, message="This model does not support tools.")
    llm.script("sums", call("Wait.", add(1, 2)), refused, say("Three."))
    heard = await hear(to(llm), "sums", Abacus())
    assert (heard.text, heard.outcome, len(llm.asked)) == ("Wait.", "refused", 2)


async def test_once_no_more_can_be_told_no_tools_are_offered(llm: LLM) -> None:
    class Once(Abacus):
        def schema(self) -> list[dict[str, Any]]:
            return [] if llm.asked else [ADD]

    llm.script("sums", call(add(1, 2)), call("Three.", add(3, 4)))
    assert (await hear(to(llm), "sums", Once())).text == "Three."
    assert ["tools" in asked.body for asked in llm.asked] == [True, False]
