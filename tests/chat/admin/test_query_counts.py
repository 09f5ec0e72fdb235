"""No page of the admin asks the databases more often for having more rows."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bots import acquaintances
from bots.budgets import today
from bots.models import Answer, Bot, Persona
from chat import joining
from chat.accounts import invites, tokens
from chat.models import Account, Download, Inspection, Webhook
from chatproject.databases import DEFAULT, MESSAGES
from devices import registration
from devices.course import Measured
from devices.ids import THERMOMETER
from devices.models import Device, Threshold
from devices.summaries import add as sum_up
from tests.chat.admin.conftest import NOON, say, talk

pytestmark = pytest.mark.django_db(databases=[DEFAULT, MESSAGES])
FEW, MANY = 5, 50
OTHERS = {"auth.group", "axes.accessattempt", "axes.accesslog", "axes.accessfailurelog"}
"""Models of which nothing is made here: their pages are their authors'."""


def fill(first: int, end: int) -> None:
    """Something of everything, for each number."""
    kettle = Device.objects.get(pk=THERMOMETER)
    for number in range(first, end):
        person = _person(number)
        _places(number, person)
        _bot(number, person)
        device = Device(unit="°C", last_at=NOON, last_value=20.0)
        registration.add(device, f"device{number}", "")
        joining.join(person.name, device.feed)
        Threshold.objects.create(device=kettle, account=person, direction="above", value=30.0)
        at = NOON + timedelta(hours=number)
        sum_up(kettle, [Measured(number + 1, 20.0, at, at)])
        say("device:device0", number + 1, "device0", at, kind="reading")  # the list's first


def _person(number: int) -> Account:
    person = Account.objects.create_user(f"person{number}")
    tokens.issue(person, "kitchen")
    invites.make(person, uses=1, days=1)
    Download.objects.create(account=person)
    Inspection.objects.create(by=person, conversation="dm:alice:bob", what="read", message="x")
    return person


def _places(number: int, person: Account) -> None:
    conversation = f"dm:friend{number}:{person.name}"
    talk(conversation, person.name, f"friend{number}")
    say(conversation, 1, person.name)
    room = talk(f"room:garden{number}", person.name, kind="room", private=True)
    say(room.pk, 1, person.name)
    hook = Account.objects.create(name=f"hook{number}", kind="bot")
    Webhook.objects.create(account=hook, room=room.room, digest=str(number), created_by=person)


def _bot(number: int, person: Account) -> None:
    persona = Persona.objects.create(name=f"p{number}", title="P", instructions="i", greeting="g")
    account = Account.objects.create(name=f"bot{number}", kind="bot")
    bot = Bot.objects.create(account=account, persona=persona)
    acquaintances.choose(bot, person.name, persona)
    Answer.objects.create(
        question=f"q{number}", person=person, bot=bot, persona="p", model="m", day=today(),
        prompt_tokens=1, answer_tokens=1, outcome="answered", begun_at=timezone.now(),
    )  # fmt: skip


def pages() -> list[str]:
    models = [model for model in admin.site._registry if model._meta.label_lower not in OTHERS]
    return sorted(f"/admin/{m._meta.app_label}/{m._meta.model_name}/" for m in models)


def asked(boss) -> dict[str, dict[str, int]]:
    return {path: queries(boss, path) for path in ["/admin/", "/account/", *pages()]}


def queries(boss, path: str) -> dict[str, int]:
    """How many each database is asked, by one page."""
    with (
        CaptureQueriesContext(connections[DEFAULT]) as default,
        CaptureQueriesContext(connections[MESSAGES]) as messages,
    ):
        response = boss.get(path)
    assert response.status_code == 200, path
    assert path not in pages() or b'id="result_list"' in response.content, f"no rows: {path}"
    return {DEFAULT: len(default), MESSAGES: len(messages)}


def test_many_rows_take_as_many_queries_as_few(boss, monkeypatch: pytest.MonkeyPatch):
    """All pages in one test, for the rows are what takes long."""
    monkeypatch.setattr("chatproject.operations.dashboard.health._states", lambda: iter(()))
    fill(0, FEW)
    asked(boss)  # kinds of content are looked up once
    few = asked(boss)
    fill(FEW, MANY)
    assert asked(boss) == few
    assert max(sum(one.values()) for one in few.values()) < 20, few


def test_every_model_of_the_chats_own_is_there_or_left_out_on_purpose():
    left_out = {
        "change", "mention", "removal",  # what rooms and amending keep for themselves
    }  # fmt: skip
    models = {model._meta.model_name for model in apps.get_app_config("chat").get_models()}
    shown = {m._meta.model_name for m in admin.site._registry if m._meta.app_label == "chat"}
    assert models - left_out == shown
