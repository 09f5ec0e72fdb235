"""What a bot answers to commands, and what is none."""

from datetime import UTC, datetime

import pytest

from bots import acquaintances, commands
from bots.budgets import today
from bots.commands.registry import COMMANDS
from bots.commands.spending import until_midnight
from bots.models import Acquaintance, Answer, Bot, Persona
from chat.models import Account
from chat.protocol import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def bot(db) -> Bot:
    Account.objects.create_user("alice")
    return Bot.objects.select_related("account", "persona").get(pk="openai")


def question(body: str, seq: int = 7) -> Message:
    return Message(
        id=f"id{seq}", conversation="dm:alice:openai", seq=seq, sender="alice", kind="text",
        body=body, data=None, sent_at="2026-11-22T10:00:00.000Z",
    )  # fmt: skip


def say(bot: Bot, text: str, seq: int = 7) -> commands.Reply | None:
    return commands.carry_out(text, bot, "alice", question(text, seq))


def lines(bot: Bot, text: str) -> list[str]:
    reply = say(bot, text)
    assert reply is not None
    return reply.body.splitlines()


# ---- what is a command ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "personality angry",
        "personality: angry",
        "personality “angry”",
        "openai: personality angry",
        "OpenAI : Personality Angry",
        "@openai personality angry",
        "@openai, personality angry",
        "personality angry @openai",
        "@openai: /personality angry",
        "/personality angry",
        "  PERSONALITY \t angry \n",
        "personality angry.",
        "personality Angry!",
        "ｐｅｒｓｏｎａｌｉｔｙ angry",
    ],
)
def test_a_command_is_understood_however_it_is_typed(bot, text):
    greeting = Persona.objects.get(pk="angry").greeting
    assert say(bot, text) == (greeting, "personality", "angry")
    assert acquaintances.persona_of(bot, "alice").name == "angry"


@pytest.mark.parametrize(
    "text",
    [
        "help me with my homework",
        "stop the war, how?",
        "personality is a strange word",
        "personality of Napoleon, briefly",
        "forget about it",
        "usage of the subjunctive",
        "Please help",
        "usages",
        "spot",
        "hlep?",
        "post",
        "forge",
        "personal",
        "personalities",
        "personally happy",
        "persoanlity disorders",
        "openai, help",
        "@openai10 help",
        "How warm is it?",
        "openai:",
        "/",
        "?",
        "",
        "help " * 2_000,
    ],
)
def test_anything_else_is_a_question(bot, text):
    assert say(bot, text) is None
    assert not Acquaintance.objects.exists()


@pytest.mark.parametrize(
    "text", ["stop", "Stop!", "/stop", "openai: stop.", "@openai STOP", "stop "]
)
def test_stop_is_known_without_a_query(text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert commands.is_stop(text, "openai")


@pytest.mark.parametrize("text", ["stop it", "don't stop", "stop the war, how?", "", "other: stop"])
def test_what_does_not_stop(text):
    assert not commands.is_stop(text, "openai")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("persoanlity angry", "personality angry"),
        ("/personalty: “Spanish”", "personality spanish"),
        ("@openai Persoanlity", "personality"),
        ("hlep", "help"),
        ("Usgae!", "usage"),
        ("forgte", "forget"),
        ("sotp", "stop"),
    ],
)
def test_a_typo_that_can_be_no_question_is_asked_back(bot, text, meant):
    reply = say(bot, text)
    assert reply is not None
    assert reply.body.endswith(f" Did you mean “{meant}”?")
    assert reply.command == meant.split()[0]
    assert acquaintances.persona_of(bot, "alice").name == "happy"


# ---- personality ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["happy", "angry", "spanish"])
def test_each_personality_confirms_in_its_own_words(bot, name):
    greeting = Persona.objects.get(pk=name).greeting
    assert say(bot, f"personality {name}") == (greeting, "personality", name)


def test_happy_is_the_first(bot):
    assert acquaintances.persona_of(bot, "alice").name == "happy"


def test_the_choice_is_of_one_person(bot):
    say(bot, "personality angry")
    assert acquaintances.persona_of(bot, "bob").name == "happy"


def test_personality_alone_lists_them_and_names_the_current_one(bot):
    say(bot, "personality angry")
    assert say(bot, "personality") == (
        "The personalities are:\nangry – yours now\nhappy\nspanish\n"
        "Write “personality NAME” to choose one.",
        "personality",
        None,
    )


def test_an_unknown_one_is_answered_with_the_list(bot):
    assert lines(bot, "personality foo") == [
        "There is no personality “foo”.",
        "The personalities are:",
        "angry",
        "happy – yours now",
        "spanish",
        "Write “personality NAME” to choose one.",
    ]
    assert acquaintances.persona_of(bot, "alice").name == "happy"


def test_the_nearest_is_suggested(bot):
    assert lines(bot, "personality agnry")[0] == (
        "There is no personality “agnry”. Did you mean “angry”?"
    )


def test_a_long_unknown_one_is_cut(bot):
    assert len(lines(bot, "personality " + "x" * 150)[0]) < 100


def test_a_personality_is_chosen_by_its_title_too(bot):
    Persona.objects.create(name="pirate", title="Pirate Captain", instructions="i", greeting="Arr!")
    assert say(bot, "personality pirate captain") == ("Arr!", "personality", "pirate")
    assert "pirate (Pirate Captain) – yours now" in lines(bot, "personality")


def test_a_disabled_one_is_unknown_and_who_had_it_has_the_bots_own(bot):
    say(bot, "personality angry")
    Persona.objects.filter(pk="angry").update(enabled=False)
    assert acquaintances.persona_of(bot, "alice").name == "happy"
    assert lines(bot, "personality angry")[:2] == [
        "There is no personality “angry”.",
        "The personalities are:",
    ]
    assert "happy – yours now" in lines(bot, "personality")
    Persona.objects.filter(pk="angry").update(enabled=True)
    assert acquaintances.persona_of(bot, "alice").name == "angry"


def test_who_had_a_deleted_one_has_the_bots_own(bot):
    Persona.objects.create(name="pirate", title="Pirate", instructions="i", greeting="Arr!")
    say(bot, "personality pirate")
    Persona.objects.get(pk="pirate").delete()
    assert acquaintances.persona_of(bot, "alice").name == "happy"


# ---- the others -------------------------------------------------------------------------------


def test_forget_forgets_up_to_the_question(bot):
    assert acquaintances.forgotten_seq(bot, "alice") == 0
    assert say(bot, "forget", seq=9) == (
        "Forgotten. The messages stay here; the bot begins anew after them.", "forget", None,
    )  # fmt: skip
    assert acquaintances.forgotten_seq(bot, "alice") == 9
    assert acquaintances.forgotten_seq(bot, "bob") == 0


def test_what_was_forgotten_stays_so(bot):
    say(bot, "forget", seq=9)
    say(bot, "forget", seq=3)
    assert acquaintances.forgotten_seq(bot, "alice") == 9


def test_neither_forgets_the_other(bot):
    say(bot, "personality angry")
    say(bot, "forget", seq=9)
    say(bot, "personality spanish")
    assert acquaintances.persona_of(bot, "alice").name == "spanish"
    assert acquaintances.forgotten_seq(bot, "alice") == 9


@pytest.mark.parametrize("text", ["personality angry", "personality", "forget", "help", "stop"])
def test_a_repeated_job_answers_the_same(bot, text):
    assert say(bot, text) == say(bot, text)
    assert Acquaintance.objects.count() <= 1


def test_usage(bot, settings):
    settings.BOT_ANSWERS_PER_PERSON, settings.BOT_TOKENS_PER_PERSON = 200, 500_000
    Answer.objects.create(
        question="q", bot=bot, person_id="alice", persona="happy", model="m", day=today(),
        prompt_tokens=1_200, answer_tokens=34,
    )  # fmt: skip
    *counts, anew = lines(bot, "usage")
    assert counts == [
        "Answers today: 1; left: 199.",
        "Tokens today: 1,234; left: 498,766.",
    ]
    assert anew.startswith("The count starts anew at 00:00 UTC, in ")


def test_usage_without_limits(bot, settings):
    settings.BOT_ANSWERS_PER_PERSON = settings.BOT_TOKENS_PER_PERSON = 0
    settings.BOT_ANSWERS_IN_ALL = settings.BOT_TOKENS_IN_ALL = 0
    assert lines(bot, "usage")[:2] == [
        "Answers today: 0; left: no limit.",
        "Tokens today: 0; left: no limit.",
    ]


def test_how_long_it_is_until_the_count_starts_anew():
    assert until_midnight(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)).total_seconds() == 5_400


def test_help_has_a_line_for_each_command(bot):
    listed = lines(bot, "help")[1:]
    assert {line.split(":")[0].split(" ")[0] for line in listed} == set(COMMANDS)
    assert len(set(listed)) == len(listed) == len(COMMANDS) + 1  # two forms of “personality”


def test_stop_with_nothing_to_stop(bot):
    assert say(bot, "stop") == ("There is nothing to stop.", "stop", None)
