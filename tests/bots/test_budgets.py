"""What was spent on a day, and what is left of it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bots.budgets import IN_VAIN, Left, Spent, budget, today
from bots.models import Answer, Bot
from chat.models import Account

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.BOT_ANSWERS_PER_PERSON, settings.BOT_TOKENS_PER_PERSON = 10, 1_000
    settings.BOT_ANSWERS_IN_ALL, settings.BOT_TOKENS_IN_ALL = 12, 5_000
    return settings


@pytest.fixture(autouse=True)
def people():
    for name in ("alice", "bob"):
        Account.objects.create_user(name)


def answered(person: str, answers: int = 1, tokens: int = 0, day: date = DAY) -> None:
    bot = Bot.objects.get(pk="openai")
    before = Answer.objects.count()
    Answer.objects.bulk_create(
        Answer(question=f"{before + number}", bot=bot, person_id=person, persona="happy", model="m",
               day=day, prompt_tokens=tokens, answer_tokens=1)
        for number in range(answers)
    )  # fmt: skip


def test_nothing_is_spent_at_first():
    found = budget("alice", DAY)
    assert found.spent == Spent(0, 0)
    assert found.left == Left(10, 1_000)
    assert not found.left.is_nothing


def test_questions_and_answers_are_counted():
    answered("alice", 3, tokens=99)
    assert budget("alice", DAY) == (Spent(3, 300), Left(7, 700), False)


def test_of_ones_own_and_everybodys_the_lesser_is_left():
    answered("bob", 9)
    found = budget("alice", DAY)
    assert found.spent == Spent(0, 0)
    assert found.left == Left(3, 1_000)


@pytest.mark.parametrize(("answers", "tokens"), [(10, 0), (1, 999), (30, 5_000)])
def test_what_is_spent_is_spent(answers, tokens):
    answered("alice", answers, tokens)
    found = budget("alice", DAY)
    assert found.left.is_nothing
    assert min(limit for limit in found.left if limit is not None) == 0


def test_what_all_have_spent_nobody_has():
    answered("bob", 12)
    found = budget("alice", DAY)
    assert found.left.is_nothing
    assert found.is_everybodys_spent


@pytest.mark.parametrize("outcome", IN_VAIN)
def test_what_no_model_began_to_answer_costs_nothing(outcome):
    answered("alice", 10, tokens=100)
    Answer.objects.update(outcome=outcome)
    assert budget("alice", DAY).spent == Spent(0, 0)


def test_a_day_begins_at_midnight():
    answered("alice", 10, day=DAY - timedelta(days=1))
    assert budget("alice", DAY).left == Left(10, 1_000)
    answered("alice", day=today())
    assert budget("alice").spent.answers == 1


def test_zero_is_no_limit(limits):
    limits.BOT_ANSWERS_PER_PERSON = limits.BOT_ANSWERS_IN_ALL = limits.BOT_TOKENS_IN_ALL = 0
    answered("alice", 100)
    assert budget("alice", DAY).left == Left(None, 900)
    limits.BOT_TOKENS_PER_PERSON = 0
    assert budget("alice", DAY).left == Left(None, None)
    assert not budget("alice", DAY).left.is_nothing


def test_it_is_one_query_by_the_day():
    with CaptureQueriesContext(connection) as queries:
        budget("alice", DAY)
    (query,) = queries
    plan = connection.cursor().execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall()
    assert "answer_budget" in str(plan)
