"""What a page is told of a bot, and who is told."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from bots import acquaintances
from bots.budgets import today
from bots.models import Answer, Bot, Persona
from chat.models import Account, Token

pytestmark = pytest.mark.django_db

OPENAI = "/api/v1/bots/openai"


@pytest.fixture
def alice(db) -> Account:
    return Account.objects.create_user("alice")


@pytest.fixture
def browser(alice) -> Client:
    """Alice's, signed in."""
    browser = Client()
    browser.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    return browser


def shown(browser: Client, path: str = OPENAI) -> dict:
    response = browser.get(path)
    assert response.status_code == 200, response.content
    assert "private" in response["Cache-Control"]
    found: dict = json.loads(response.content)
    return found


def refused(response, status: int) -> str:
    assert response.status_code == status, response.content
    found = json.loads(response.content)
    assert set(found) == {"code", "detail"}
    return str(found["code"])


def spend(person: Account, *, prompt: int, answer: int) -> None:
    Answer.objects.create(
        question=f"q{Answer.objects.count()}", bot_id="openai", person=person, persona="happy",
        model="m", day=today(), prompt_tokens=prompt, answer_tokens=answer,
    )  # fmt: skip


def test_a_bot_is_shown_as_the_person_has_it(browser, settings):
    settings.OPENAI_API_KEY = "sk-secret"
    settings.BOT_ANSWERS_PER_PERSON = settings.BOT_TOKENS_PER_PERSON = 0
    settings.BOT_ANSWERS_IN_ALL = settings.BOT_TOKENS_IN_ALL = 0
    assert shown(browser) == {
        "name": "openai",
        "title": "OpenAI",
        "connected": True,
        "personas": [
            {"name": "angry", "title": "Angry"},
            {"name": "happy", "title": "Happy"},
            {"name": "spanish", "title": "Spanish"},
        ],
        "personality": "happy",
        "usage": {"answers": 0, "answers_left": None, "tokens": 0, "tokens_left": None},
    }


def test_what_was_spent_and_is_left_is_the_persons(browser, alice, settings):
    settings.BOT_ANSWERS_PER_PERSON, settings.BOT_TOKENS_PER_PERSON = 10, 1_000
    settings.BOT_ANSWERS_IN_ALL, settings.BOT_TOKENS_IN_ALL = 100, 10_000
    spend(alice, prompt=100, answer=23)
    spend(Account.objects.create_user("bob"), prompt=500, answer=50)
    assert shown(browser)["usage"] == {
        "answers": 1, "answers_left": 9, "tokens": 123, "tokens_left": 877,
    }  # fmt: skip


def test_a_chosen_personality_is_named_and_disabled_ones_are_not(browser, alice):
    bot = Bot.objects.get(pk="openai")
    acquaintances.choose(bot, alice.name, Persona.objects.get(pk="angry"))
    assert shown(browser)["personality"] == "angry"
    Persona.objects.filter(pk="angry").update(enabled=False)
    found = shown(browser)
    assert found["personality"] == "happy"
    assert [persona["name"] for persona in found["personas"]] == ["happy", "spanish"]


def test_without_a_server_it_is_not_connected(browser, settings):
    settings.OPENAI_API_KEY = settings.OPENAI_BASE_URL = ""
    assert shown(browser)["connected"] is False
    settings.OPENAI_BASE_URL = "http://localhost:11434/v1"
    assert shown(browser)["connected"] is True


def test_the_name_is_taken_in_any_case(browser):
    assert shown(browser, "/api/v1/bots/OpenAI")["name"] == "openai"


def test_neither_keys_nor_addresses_are_told(browser, settings):
    settings.OPENAI_API_KEY = "sk-secret"
    settings.OPENAI_BASE_URL = "http://models.example/v1"
    body = browser.get(OPENAI).content.decode()
    assert "sk-secret" not in body
    assert "models.example" not in body


def test_a_token_is_as_good_as_a_session(alice):
    token = Token.objects.issue(alice)[1]
    assert Client().get(OPENAI, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


def test_who_is_not_signed_in_is_told_nothing(browser):
    assert refused(Client().get(OPENAI), 401) == "unauthenticated"
    assert refused(browser.get(OPENAI, HTTP_AUTHORIZATION="Bearer no"), 401) == "unauthenticated"


def test_what_is_no_bot_is_not_found(browser):
    for name in ("alice", "thermometer1", "nobody"):
        assert refused(browser.get(f"/api/v1/bots/{name}"), 404) == "not_found"


def test_a_disabled_or_deleted_bot_is_not_found(browser):
    Bot.objects.update(enabled=False)
    assert refused(browser.get(OPENAI), 404) == "not_found"
    Bot.objects.update(enabled=True)
    Account.objects.filter(pk="openai").update(deleted_at=timezone.now())
    assert refused(browser.get(OPENAI), 404) == "not_found"


def test_other_methods_are_refused(browser):
    assert refused(browser.post(OPENAI), 405) == "invalid"


def test_more_personalities_take_no_more_queries(browser, django_assert_num_queries):
    with django_assert_num_queries(6):
        shown(browser)
    for number in range(12):
        Persona.objects.create(name=f"p{number}", title="P", instructions="i", greeting="g")
    with django_assert_num_queries(6):
        assert len(shown(browser)["personas"]) == 15
