"""docs/bots.md: its tables are the program's, its examples are what a server says."""

import json
import re

import pytest
from django.test import Client

from bots import cases
from bots.api.shown import ShownBot
from bots.commands.registry import COMMANDS
from bots.models import Answer, Bot, Persona
from bots.tools import citing
from chat import protocol
from chat.models import Account
from chatproject import settings
from tests.docs.pages import examples, fences, page, section, table_keys
from tests.docs.test_protocol_page import as_sent, shape
from tests.docs.test_readme import settings_read

PAGE = "docs/bots.md"
SHAPES = {"message": protocol.Message, "bot": ShownBot}
Outcome = Answer.Outcome
NO_ERRORS = {Outcome.ANSWERED, Outcome.STOPPED, Outcome.UNDER_WAY}


def test_every_json_example_says_what_it_is() -> None:
    assert {found.role for found in fences(PAGE) if found.language == "json"} == set(SHAPES)


@pytest.mark.parametrize(
    ("role", "line"), [(role, line) for role in SHAPES for line in examples(PAGE, role)]
)
def test_examples_have_their_shape(role: str, line: str) -> None:
    assert as_sent(line, SHAPES[role]) == json.loads(line)


@pytest.mark.django_db
def test_a_server_shows_a_bot_as_the_page_does() -> None:
    browser = Client()
    alice = Account.objects.create(name="alice")
    browser.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    found = json.loads(browser.get("/api/v1/bots/openai").content)
    told = json.loads(examples(PAGE, "bot")[0])
    assert shape(found) == shape(told)
    assert found["personas"] == told["personas"]
    usage = told["usage"]
    limits = usage["answers"] + usage["answers_left"], usage["tokens"] + usage["tokens_left"]
    assert limits == (settings.BOT_ANSWERS_PER_PERSON, settings.BOT_TOKENS_PER_PERSON)


def test_every_command_is_in_the_table() -> None:
    told = [typed.split()[0] for typed in table_keys(section(PAGE, "## Talking to a bot"))]
    assert set(told) == set(COMMANDS)


def test_every_error_is_in_the_table() -> None:
    told = set(table_keys(section(PAGE, "## When it does not answer"))) - {"error"}
    others = {cases.SPENT, cases.NOT_HERE, cases.LONG_QUESTION, cases.SWITCHED_OFF}
    errors = (set(Outcome) - NO_ERRORS) | others
    assert told == errors


def test_the_fields_of_data_are_those_of_the_examples() -> None:
    datas = [json.loads(line)["data"] for line in examples(PAGE, "message")]
    used = {field for data in datas for field in data}
    assert used == set(table_keys(section(PAGE, "## The data of messages")))
    for data in datas:
        assert data.get("error", "cut off") in Outcome.values
        assert data.get("command", "stop") in COMMANDS


@pytest.mark.django_db
def test_personalities_are_those_that_are_there() -> None:
    text = section(PAGE, "## Personalities")
    assert [name for name in Persona.objects.values_list("pk", flat=True)
            if f"`{name}`" not in text] == []  # fmt: skip


def test_limits_are_the_programs() -> None:
    text = " ".join(page(PAGE).split())
    read = settings_read()
    for told in (
        f"fit into {Bot._meta.get_field('memory_tokens').default:,} tokens",
        f"{read['BOT_ANSWERS_PER_PERSON']} answers and"
        f" {settings.BOT_TOKENS_PER_PERSON:,} tokens for you",
        f"`BOT_FIRST_TOKEN_TIMEOUT` is {read['BOT_FIRST_TOKEN_TIMEOUT']} seconds",
        f"`BOT_ANSWER_TIMEOUT`, for all of an answer, {read['BOT_ANSWER_TIMEOUT']}",
        f"at most {citing.MOST}:",
    ):
        assert told in text


def test_settings_that_are_named_are_read() -> None:
    named = set(re.findall(r"\b(?:OPENAI|BOT)_[A-Z_]+\b", page(PAGE))) - {"OPENAI_API_KEY_FILE"}
    without_effect = {"OPENAI_ORG_ID", "OPENAI_CUSTOM_HEADERS"}
    assert named - set(settings_read()) == without_effect
