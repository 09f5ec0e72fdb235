"""What people are told where the model fails, or is not to be asked: one sentence, once."""

from collections.abc import Iterator
from threading import Event

import pytest

from bots.budgets import today
from bots.failures import SENTENCES
from bots.models import Answer
from tests.bots.asking import BOT, KEY, add_bot, ask, bodies, connected, dm_of, stored
from tests.devices.commands.talking import meet
from tests.installation import Installation, Person
from tests.services.llm import CUT, LLM, Raw, fail, held, say
from tests.services.ports import free_port

Outcome = Answer.Outcome
SECRET = "Secret words of the server."
PROMPT_LIMIT = 200
ANSWERS = 3
"""A day, for a person."""
HUNG_UP_WITHIN = 15.0


@pytest.fixture(scope="module")
def llm() -> Iterator[LLM]:
    with LLM() as llm:
        yield llm


@pytest.fixture(scope="module")
def chat(module_server, llm) -> Installation:
    """In no mood to wait for longer than a busy machine may stand still."""
    return module_server(
        **connected(llm), BOT_FIRST_TOKEN_TIMEOUT="4", BOT_ANSWER_TIMEOUT="5",
        BOT_PROMPT_LIMIT=str(PROMPT_LIMIT), BOT_ANSWERS_PER_PERSON=str(ANSWERS),
    )  # fmt: skip


@pytest.fixture
def server(chat, llm) -> Iterator[Installation]:
    """What fails is told to the person, and nothing of it but its kind to the log."""
    before = chat.log_length
    yield chat
    llm.forget()
    logged = chat.log_since(before)
    for secret in ("Traceback", KEY, llm.url, SECRET, "Half of it"):
        assert secret not in logged


# ---- what fails for good ----------------------------------------------------------------------

HALF = "Half of it"
FAILURES = {
    "a wrong key": ([fail(401)], "", Outcome.WRONG_KEY),
    "no credit": ([fail(429, code="insufficient_quota")], "", Outcome.QUOTA),
    "a wrong model": ([fail(404)], "", Outcome.REFUSED),
    "a slow first word": ([held(Event(), say("Too late"))], "", Outcome.TOO_SLOW),
    "an answer without an end": ([say(HALF, Event())], HALF, Outcome.TOO_SLOW),
    "a cut connection": ([say(HALF, CUT)], HALF, Outcome.CUT_OFF),
    "an end without a reason": ([say(HALF, finish=None)], HALF, Outcome.CUT_OFF),
    "a malformed chunk": ([say(HALF, Raw("data: {\n\n"))], HALF, Outcome.CUT_OFF),
    "an answer of too many tokens": ([say(HALF, finish="length")], HALF, Outcome.TOO_LONG),
    "nothing to say": ([say()], "", Outcome.EMPTY),
}


@pytest.mark.parametrize("what", FAILURES)
async def test_the_person_is_told_once_and_what_had_come_stays(server, llm, alice, what):
    script, come, outcome = FAILURES[what]
    llm.script("Answer me", *script)
    async with server.connect(alice) as ws:
        said = await ask(ws, "Answer me")
        after = await ask(ws, "And now?")
    sentence = SENTENCES[outcome]
    assert said["body"] == "\n\n".join(part for part in (come, sentence) if part)
    assert (said["data"]["persona"], said["data"]["error"]) == ("happy", outcome.value)
    assert bodies(server, dm_of(alice)) == [
        "Answer me", said["body"], "And now?", "You said: And now?",
    ]  # fmt: skip
    assert "error" not in after["data"]
    (asked,) = llm.about("Answer me")  # it is not asked again
    if outcome is Outcome.TOO_SLOW:
        assert asked.hung_up.wait(HUNG_UP_WITHIN), "nor listened to any longer"
    (later,) = llm.about("And now?")
    assert sentence not in str(later.messages)
    rows = server.database.call(lambda: list(Answer.objects.filter(person=alice.name)))
    assert [row.outcome for row in rows if row.question == said["data"]["reply_to"]] == [outcome]


async def test_a_server_that_is_not_there(server, llm, alice):
    bot = add_bot(server, f"http://127.0.0.1:{free_port()}/v1")
    async with server.connect(alice) as ws:
        await meet(ws, bot)
        said = await ask(ws, "Anybody there?", bot)
    assert (said["body"], said["data"]["error"]) == (
        SENTENCES[Outcome.UNREACHABLE], Outcome.UNREACHABLE.value,
    )  # fmt: skip


# ---- what is tried again ----------------------------------------------------------------------


async def test_an_overloaded_model_is_asked_again_when_it_says(server, llm, alice):
    llm.script("Answer me", fail(429, retry_after=1), say("Here I am."))
    async with server.connect(alice) as ws:
        assert (await ask(ws, "Answer me"))["body"] == "Here I am."
    first, second = llm.about("Answer me")
    assert second.at - first.at >= 1


@pytest.mark.parametrize("failure", [fail(500), fail(503), say(CUT)], ids=["500", "503", "cut"])
async def test_one_more_try_before_the_first_word(server, llm, alice, failure):
    llm.script("Answer me", failure, say("Here I am."))
    async with server.connect(alice) as ws:
        assert (await ask(ws, "Answer me"))["body"] == "Here I am."
    assert len(llm.about("Answer me")) == 2


@pytest.mark.parametrize("status", [429, 500])
async def test_and_no_more(server, llm, alice, status):
    llm.script("Answer me", fail(status))
    async with server.connect(alice) as ws:
        said = await ask(ws, "Answer me")
    assert said["data"]["error"] == Outcome.OVERLOADED.value
    assert len(llm.about("Answer me")) == 2


# ---- what is not asked ------------------------------------------------------------------------


async def test_a_question_that_is_too_long(server, llm, alice):
    async with server.connect(alice) as ws:
        said = await ask(ws, "x" * (PROMPT_LIMIT + 1))
        assert (
            said["body"] == f"That is too long for me: at most {PROMPT_LIMIT} characters, please."
        )
        assert said["data"]["error"] == "long question"
        assert llm.asked == []
        assert "error" not in (await ask(ws, "x" * PROMPT_LIMIT))["data"]


def spend(server: Installation, person: Person, tokens: int) -> None:
    """As if an answer had used them today."""
    server.database.call(
        lambda: Answer.objects.create(
            question=f"spent by {person.name}", bot_id=BOT, person_id=person.name, persona="happy",
            model="m", day=today(), prompt_tokens=tokens, outcome=Outcome.ANSWERED,
        )
    )  # fmt: skip


async def test_a_persons_answers_of_the_day_are_used_up(server, llm, alice, bob):
    async with server.connect(alice) as ws, server.connect(bob) as his:
        for number in range(ANSWERS):
            assert "error" not in (await ask(ws, f"Question {number}"))["data"]
        said = await ask(ws, "One more")
        assert said["body"].startswith("Your answers for today are used up")
        assert said["data"]["error"] == "spent"
        assert "left: 0" in (await ask(ws, "usage"))["body"]
        assert "error" not in (await ask(his, "Not mine"))["data"]
    assert llm.about("One more") == []


async def test_a_persons_tokens_of_the_day_are_used_up(server, llm, alice, bob):
    spend(server, alice, 500_000)
    async with server.connect(alice) as ws, server.connect(bob) as his:
        assert (await ask(ws, "One more"))["data"]["error"] == "spent"
        assert "error" not in (await ask(his, "Not mine"))["data"]
    assert llm.about("One more") == []


async def test_everybodys_tokens_of_the_day_are_used_up(server, llm, alice, bob):
    spend(server, bob, 10_000_000)
    try:
        async with server.connect(alice) as ws:
            said = await ask(ws, "One more")
    finally:
        server.database.call(lambda: Answer.objects.filter(person=bob.name).delete())
    assert said["body"].startswith("Everybody's answers for today are used up")
    assert llm.asked == []


# ---- no model at all --------------------------------------------------------------------------


async def test_without_a_key_the_server_starts_and_the_bot_says_how_to_connect_it(shared_server):
    alice = shared_server.person("alice")
    async with shared_server.connect(alice) as ws:
        (contact,) = [person for person in ws.hello["people"] if person["name"] == BOT]
        assert (contact["kind"], contact["online"]) == ("bot", False)
        said = await ask(ws, "Are you there?")
        assert (await ask(ws, "personality angry"))["data"]["persona"] == "angry"
    assert "OPENAI_API_KEY" in said["body"]
    assert said["data"]["error"] == Outcome.NOT_CONNECTED.value
    assert len(stored(shared_server, dm_of(alice))) == 4
