"""Bots in Django's admin: added, given keys that are never shown; by as many queries for many."""

import html
import json
import logging
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bots import acquaintances, connection, contacts, keys
from bots.budgets import today
from bots.models import Acquaintance, Answer, Bot, Persona
from chat.models import Account
from chatproject.databases import DEFAULT

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

BOTS, PERSONAS = "/admin/bots/bot/", "/admin/bots/persona/"
ACQUAINTANCES, ANSWERS = "/admin/bots/acquaintance/", "/admin/bots/answer/"
LISTS = [BOTS, PERSONAS, ACQUAINTANCES, ANSWERS]
KEY = "sk-a-key-that-nobody-sees"
NEW = {"name": "Llama", "title": "Our llama", "persona": "angry", "model": "llama3.2",
       "base_url": "http://localhost:11434/v1", "memory_tokens": "2000",
       "answer_tokens": "500"}  # fmt: skip
PIRATE = {"name": "pirate", "title": "Pirate", "instructions": "You are a pirate.",
          "temperature": "1", "greeting": "Arr!", "enabled": "on"}  # fmt: skip


@pytest.fixture
def root(db) -> Client:
    browser = Client()
    account = Account.objects.create_superuser("root", "secret")
    browser.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return browser


def page(root: Client, path: str, **query: str) -> str:
    return page_of(root.get(path, query))


def page_of(response) -> str:
    assert response.status_code == 200, response
    return html.unescape(response.content.decode())


def problems(response) -> list[str]:
    return re.findall(r'<ul class="errorlist"[^>]*>(.*?)</ul>', page_of(response), re.S)


def bot_form(bot: Bot, **fields: str) -> dict[str, str]:
    """What a browser sends of a bot's page: all fields, but the key that it was not shown."""
    form = {
        "persona": bot.persona_id, "model": bot.model, "base_url": bot.base_url, "enabled": "on",
        "memory_tokens": str(bot.memory_tokens), "answer_tokens": str(bot.answer_tokens),
        "prompt_price": str(bot.prompt_price or ""), "answer_price": str(bot.answer_price or ""),
        **fields,
    }  # fmt: skip
    return {name: value for name, value in form.items() if value}


def change(root: Client, bot: Bot, **fields: str) -> Bot:
    response = root.post(f"{BOTS}{bot.pk}/change/", bot_form(bot, **fields))
    assert response.status_code == 302, problems(response)
    return Bot.objects.get(pk=bot.pk)


def add_llama(root: Client, **fields: str) -> Bot:
    response = root.post(f"{BOTS}add/", {**NEW, **fields})
    assert response.status_code == 302, problems(response)
    return Bot.objects.select_related("account").get(pk="llama")


# ---- bots -------------------------------------------------------------------------------------


def test_adding_one_makes_its_account(root):
    bot = add_llama(root)
    assert bot.account.kind == Account.Kind.BOT
    assert bot.account.shown_title == "Our llama"
    assert not bot.account.has_usable_password()
    assert (bot.persona_id, bot.model, bot.memory_tokens, bot.enabled) == (
        "angry", "llama3.2", 2_000, True,
    )  # fmt: skip
    assert {contact.name for contact in contacts.bots()} == {"openai", "llama"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "openai"}, "is reserved"),
        ({"name": "root"}, "is taken"),
        ({"name": "our llama"}, "1 to 32 of the letters"),
        ({"title": "system"}, "is what the chat itself says"),
        ({"persona": "nobody"}, "Select a valid choice."),
        ({"base_url": "localhost:11434"}, "Enter a valid URL."),
        ({"base_url": "ftp://localhost/v1"}, "Enter a valid URL."),
        ({"base_url": f"http://me:{KEY}@localhost/v1"}, "use the field for the key"),
        ({"memory_tokens": "0"}, "greater than or equal to 16"),
        ({"answer_tokens": "1000001"}, "less than or equal to 1000000"),
        ({"prompt_price": "-1"}, "greater than or equal to 0"),
        ({"key": "two words"}, "one word of letters, digits and signs"),
        ({"key": "schlüssel"}, "one word of letters, digits and signs"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(root, wrong, said):
    (problem,) = problems(root.post(f"{BOTS}add/", {**NEW, **wrong}))
    assert said in problem
    assert set(Bot.objects.values_list("pk", flat=True)) == {"openai"}
    assert not Account.objects.filter(pk="llama").exists()


def test_a_disabled_one_is_no_contact_any_more(root):
    add_llama(root)
    act(root, "disable", "llama")
    assert {contact.name for contact in contacts.bots()} == {"openai"}
    act(root, "enable", "llama")
    assert {contact.name for contact in contacts.bots()} == {"openai", "llama"}
    assert root.post(f"{BOTS}llama/delete/", {"post": "yes"}).status_code == 403


def test_one_whose_account_is_deleted_is_no_contact_any_more(root):
    add_llama(root)
    Account.objects.filter(pk="llama").update(deleted_at=timezone.now())
    assert {contact.name for contact in contacts.bots()} == {"openai"}


def act(root: Client, action: str, *names: str) -> None:
    form = {"action": action, "_selected_action": names}
    assert root.post(BOTS, form, follow=True).status_code == 200


def test_the_list_shows_what_each_asks(root, settings):
    settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = "", ""
    settings.OPENAI_MODEL = "gpt-test"
    add_llama(root)
    shown = re.sub(r"<[^>]+>", " ", page(root, BOTS))
    assert "gpt-test (OPENAI_MODEL)" in shown
    assert "http://localhost:11434/v1" in shown


# ---- keys -------------------------------------------------------------------------------------


def test_a_key_is_sealed_and_never_shown(root, caplog):
    caplog.set_level(logging.DEBUG)
    bot = add_llama(root, key=KEY)
    assert KEY not in bot.sealed_key
    assert keys.unseal(bot.sealed_key) == KEY
    bot = change(root, bot, key=f"{KEY}-2")
    assert keys.unseal(bot.sealed_key) == f"{KEY}-2"
    seen = [page(root, path) for path in (BOTS, f"{BOTS}llama/change/", f"{BOTS}llama/history/")]
    wrong = page_of(root.post(f"{BOTS}llama/change/", bot_form(bot, key=f"{KEY}-3", persona="no")))
    history = json.dumps(list(LogEntry.objects.values("object_repr", "change_message")))
    for text in (*seen, wrong, history, caplog.text):
        assert KEY not in text
        assert bot.sealed_key not in text
    assert '<div class="readonly">set</div>' in seen[1]


def test_a_key_stays_until_it_is_removed(root):
    bot = add_llama(root, key=KEY)
    assert keys.unseal(change(root, bot, model="other").sealed_key) == KEY
    assert change(root, bot, remove_key="on").sealed_key == ""
    assert '<div class="readonly">not set</div>' in page(root, f"{BOTS}llama/change/")


def test_a_key_is_entered_or_removed(root):
    bot = add_llama(root)
    form = bot_form(bot, key=KEY, remove_key="on")
    assert problems(root.post(f"{BOTS}llama/change/", form)) == [
        "<li>Enter a key or remove it, not both.</li>"
    ]


def test_a_key_does_not_follow_to_another_server(root):
    bot = add_llama(root, key=KEY)
    elsewhere = {"base_url": "http://elsewhere.example/v1"}
    (problem,) = problems(root.post(f"{BOTS}llama/change/", bot_form(bot, **elsewhere)))
    assert "The key that is set is for the server before" in problem
    (problem,) = problems(root.post(f"{BOTS}llama/change/", bot_form(bot, base_url="")))
    assert "The key that is set is for the server before" in problem
    moved = change(root, bot, **elsewhere, key="another")
    assert connection.of(moved) == ("http://elsewhere.example/v1", "another", "llama3.2")


def test_a_key_of_another_secret_key_is_said_to_be_lost(root, settings):
    add_llama(root, key=KEY)
    Bot.objects.filter(pk="llama").update(sealed_key=sealed_elsewhere(settings))
    assert "set under another SECRET_KEY: enter it anew" in page(root, BOTS)


def sealed_elsewhere(settings) -> str:
    own, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 8
    try:
        return keys.seal(KEY)
    finally:
        settings.SECRET_KEY = own


# ---- personalities ----------------------------------------------------------------------------


def test_adding_a_personality(root):
    assert root.post(f"{PERSONAS}add/", PIRATE).status_code == 302
    pirate = Persona.objects.get(pk="pirate")
    assert (pirate.title, pirate.temperature, pirate.greeting) == ("Pirate", 1.0, "Arr!")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "Pirate"}, "Only a-z, 0-9, _ and -"),
        ({"name": "two words"}, "Only a-z, 0-9, _ and -"),
        ({"name": "happy"}, "already exists"),
        ({"title": "system"}, "is what the chat itself says"),
        ({"title": "x" * 41}, "at most 40 characters"),
        ({"title": " ANGRY "}, "Another persona has this title"),
        ({"instructions": ""}, "This field is required."),
        ({"instructions": "x" * 8_001}, "at most 8000 characters"),
        ({"temperature": "2.1"}, "less than or equal to 2.0"),
        ({"temperature": "nan"}, "Enter a number."),
        ({"greeting": ""}, "This field is required."),
    ],
)
def test_what_a_personality_cannot_be_is_said_beside_its_field(root, wrong, said):
    (problem,) = problems(root.post(f"{PERSONAS}add/", {**PIRATE, **wrong}))
    assert said in problem
    assert Persona.objects.count() == 3


def test_changing_one_leaves_its_name(root):
    form = {**PIRATE, "title": "Joyful", "name": "other", "temperature": ""}
    assert root.post(f"{PERSONAS}happy/change/", form).status_code == 302
    assert Persona.objects.count() == 3
    happy = Persona.objects.get(pk="happy")
    assert (happy.title, happy.temperature) == ("Joyful", None)


def test_one_that_a_bot_begins_with_is_neither_switched_off_nor_deleted(root):
    form = {name: value for name, value in PIRATE.items() if name != "enabled"}
    (problem,) = problems(root.post(f"{PERSONAS}happy/change/", form))
    assert "openai begins with it" in problem
    root.post(f"{PERSONAS}happy/delete/", {"post": "yes"})
    assert Persona.objects.get(pk="happy").enabled
    assert root.post(f"{PERSONAS}angry/change/", form).status_code == 302
    assert not Persona.objects.get(pk="angry").enabled
    (problem,) = problems(root.post(f"{BOTS}add/", NEW))
    assert "Select a valid choice." in problem


# ---- what is seen -----------------------------------------------------------------------------


def fill(count: int) -> None:
    """So many people, bots, personalities and answers."""
    for number in range(count):
        made = Persona.objects.count() * 100 + number
        persona = Persona.objects.create(name=f"p{made}", title="P", instructions="i", greeting="g")
        account = Account.objects.create(name=f"bot{made}", kind="bot")
        bot = Bot.objects.create(account=account, persona=persona, sealed_key=keys.seal(KEY))
        person = Account.objects.create(name=f"alice{made}")
        acquaintances.choose(bot, person.name, persona)
        answer(f"q{made}", person, bot)


def answer(question: str, person: Account, bot: Bot, **fields) -> Answer:
    given = {"day": today(), "model": "m", "persona": "happy", "prompt_tokens": 100,
             "answer_tokens": 7, "outcome": "answered", **fields}  # fmt: skip
    return Answer.objects.create(question=question, person=person, bot=bot, **given)


def test_answers_are_summed_up_by_day(root):
    alice, openai = Account.objects.create(name="alice"), Bot.objects.get(pk="openai")
    for number in range(3):
        answer(f"a{number}", alice, openai)
    answer("b", alice, openai, day=today() - timedelta(days=1), prompt_tokens=5)
    answer("c", alice, openai, day=today() - timedelta(days=30))
    _, _, after = page(root, ANSWERS).partition("The last days, in UTC")
    assert re.findall(r"<td>([^<]+)</td>", after.partition("</table>")[0]) == [
        "3", "300", "21", "–", "1", "5", "7", "–",
    ]  # fmt: skip


def test_what_answers_cost_is_known_of_bots_with_prices(root):
    alice, openai = Account.objects.create(name="alice"), Bot.objects.get(pk="openai")
    account = Account.objects.create(name="local", kind="bot")
    local = Bot.objects.create(account=account, persona=openai.persona)
    Bot.objects.filter(pk="openai").update(prompt_price=2, answer_price=Decimal("10.5"))
    answer("a", alice, openai, prompt_tokens=1_000_000, answer_tokens=100_000)
    answer("b", alice, local, prompt_tokens=9_000)
    _, _, after = page(root, ANSWERS).partition("The last days, in UTC")
    assert re.findall(r"<td>([^<]+)</td>", after.partition("</table>")[0])[-1] == "3.0500"


def test_an_answer_is_shown_with_how_long_it_took(root):
    alice, openai = Account.objects.create(name="alice"), Bot.objects.get(pk="openai")
    now = timezone.now()
    answer("a", alice, openai, begun_at=now - timedelta(seconds=4.25), ended_at=now)
    shown = page(root, ANSWERS)
    assert re.findall(r'class="field-took[^"]*">([^<]+)<', shown) == ["4.2 s"]
    assert "4.2 s" in page(root, f"{ANSWERS}a/change/")


@pytest.mark.parametrize("path", [ACQUAINTANCES, ANSWERS])
def test_what_is_only_seen_is_neither_added_nor_changed(root, path):
    fill(1)
    key = (Acquaintance if path == ACQUAINTANCES else Answer).objects.get().pk
    assert root.get(f"{path}add/").status_code == 403
    assert root.post(f"{path}{key}/change/", {"persona": "angry"}).status_code == 403


def test_acquaintances_can_be_deleted_and_answers_not(root):
    fill(1)
    row = Acquaintance.objects.get()
    assert root.post(f"{ACQUAINTANCES}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Acquaintance.objects.exists()
    key = Answer.objects.get().pk
    assert root.post(f"{ANSWERS}{key}/delete/", {"post": "yes"}).status_code == 403


def test_it_is_for_admins_alone():
    browser = Client()
    alice = Account.objects.create(name="alice")
    browser.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    assert {browser.get(path).status_code for path in LISTS} == {302}


@pytest.mark.parametrize("path", LISTS)
def test_every_filter_and_order_that_a_list_offers_works(root, path):
    fill(2)
    offered = set(re.findall(r'href="(\?[^"]+)"', page(root, path)))
    assert {link for link in offered if root.get(path + link).status_code != 200} == set()
    assert len(offered) > 3


@pytest.mark.parametrize("path", [*LISTS, f"{BOTS}openai/change/", f"{PERSONAS}happy/change/"])
def test_many_rows_take_as_many_queries_as_few(root, path, django_assert_num_queries):
    fill(1)
    page(root, path)  # kinds of content are looked up once
    with CaptureQueriesContext(connections[DEFAULT]) as few:
        page(root, path)
    fill(12)
    with django_assert_num_queries(len(few)):
        page(root, path)
