"""What the model is given of a conversation."""

from typing import Any

import pytest
from django.utils import timezone

from bots import drafts
from bots.drafts import Said
from bots.failures import SENTENCES
from bots.llm.prompt import Words, tokens_in
from bots.memory import remembered
from bots.models import Answer, Bot
from chat.models import Message as Stored
from chat.posting import Draft
from chat.protocol import Message
from chat.store import store

pytestmark = pytest.mark.django_db(databases=["default", "messages"])

DM = "dm:alice:openai"
Outcome = Answer.Outcome


class Talk:
    """A conversation of Alice with the bot; each line says who and what."""

    def __init__(self) -> None:
        self.bot = Bot.objects.select_related("account", "persona").get(pk="openai")

    def asks(self, body: str, kind: str = "text") -> Message:
        return self._add("alice", body, None, kind)

    def answers(self, question: Message, text: str, outcome: Any = Outcome.ANSWERED) -> None:
        sentence = "" if outcome in (Outcome.ANSWERED, Outcome.STOPPED) else SENTENCES[outcome]
        self.says(drafts.answer("openai", question, "happy", Said(text, outcome, sentence)))

    def says(self, draft: Draft) -> None:
        self._add("openai", draft.body, draft.data)

    def remembered(self, question: Message, forgotten_seq: int = 0) -> list[Words]:
        return remembered(self.bot, forgotten_seq + 1, question)

    def _add(self, sender: str, body: str, data: Any, kind: str = "text") -> Message:
        seq = Stored.objects.filter(conversation=DM).count() + 1
        Stored.objects.create(
            id=f"0197a0c0-0000-7000-8000-{seq:012}", conversation=DM, seq=seq, sender=sender,
            client_id=f"{seq}", kind=kind, body=body, data=data, sent_at=timezone.now(),
        )  # fmt: skip
        return store.after(DM, seq - 1, 1)[0]


@pytest.fixture
def talk() -> Talk:
    return Talk()


def asked(text: str) -> Words:
    return Words("user", text)


def said(text: str) -> Words:
    return Words("assistant", text)


def test_all_that_was_said_in_its_order_by_its_role(talk):
    talk.answers(talk.asks("Who are you?"), "A bot.")
    talk.answers(talk.asks("And I?"), "A person.")
    assert talk.remembered(talk.asks("Sure?")) == [
        asked("Who are you?"), said("A bot."), asked("And I?"), said("A person."), asked("Sure?"),
    ]  # fmt: skip


def test_who_writes_on_meanwhile_has_the_answer_before_the_next_question(talk):
    first, second, third = talk.asks("one"), talk.asks("two"), talk.asks("three")
    talk.answers(first, "1")
    assert talk.remembered(second) == [asked("one"), said("1"), asked("two")]
    talk.answers(second, "2")
    assert talk.remembered(third) == [
        asked("one"),
        asked("two"),
        said("1"),
        said("2"),
        asked("three"),
    ]


def test_commands_and_what_they_were_answered_are_left_out(talk):
    command = talk.asks("personality angry")
    talk.says(drafts.draft("openai", command, "FINE!", command="personality", persona="angry"))
    help_ = talk.asks("help")
    talk.says(drafts.draft("openai", help_, "usage: …", command="help"))
    assert talk.remembered(talk.asks("Hello")) == [asked("Hello")]


def test_of_a_failure_what_had_come_is_remembered(talk):
    talk.answers(talk.asks("a"), "Once upon a", Outcome.CUT_OFF)
    talk.answers(talk.asks("b"), "", Outcome.OVERLOADED)
    question = talk.asks("c")
    talk.says(drafts.failure("openai", question, "spent", "Used up."))
    assert talk.remembered(talk.asks("d")) == [
        asked("a"), said("Once upon a"), asked("b"), asked("d"),
    ]  # fmt: skip


def test_what_was_never_asked_of_the_model_takes_no_room(talk):
    talk.answers(talk.asks("a"), "b")
    long = talk.asks("x" * 9_000)
    talk.says(drafts.failure("openai", long, "long question", "Too long."))
    talk.bot.memory_tokens = 100
    assert talk.remembered(talk.asks("c")) == [asked("a"), said("b"), asked("c")]


def test_what_is_forgotten_stays_so_where_its_answer_came_later(talk):
    question = talk.asks("My PIN is 1234")
    forget = talk.asks("forget")
    talk.answers(question, "I will remember 1234.")
    talk.says(drafts.draft("openai", forget, "Forgotten.", command="forget"))
    found = talk.remembered(talk.asks("What do you know?"), forgotten_seq=forget.seq)
    assert found == [asked("What do you know?")]


def test_what_waits_after_the_question_takes_no_room(talk):
    talk.answers(talk.asks("a"), "b")
    question = talk.asks("c")
    for number in range(100):
        talk.asks(f"later {number}")
    assert talk.remembered(question) == [asked("a"), said("b"), asked("c")]


def test_of_what_was_stopped_before_it_began_the_question_is_remembered(talk):
    question = talk.asks("a")
    talk.asks("stop")
    talk.answers(question, "", Outcome.STOPPED)
    assert talk.remembered(talk.asks("b")) == [asked("a"), asked("b")]


def test_a_stop_is_left_out_and_what_it_left_is_remembered(talk):
    question = talk.asks("Tell me all")
    talk.asks("Stop!")
    talk.answers(question, "First,", Outcome.STOPPED)
    assert talk.remembered(talk.asks("Why?")) == [
        asked("Tell me all"),
        said("First,"),
        asked("Why?"),
    ]


def test_what_was_forgotten_is_not_remembered(talk):
    question = talk.asks("a")
    talk.answers(question, "b")
    after = talk.asks("c")
    assert talk.remembered(talk.asks("d"), forgotten_seq=after.seq - 1) == [asked("c"), asked("d")]


def test_deleted_messages_are_not_remembered(talk):
    talk.asks("", kind=Stored.Kind.DELETED)
    assert talk.remembered(talk.asks("a")) == [asked("a")]


def test_the_last_that_fit_and_the_question_in_any_case(talk):
    for number in range(5):
        talk.answers(talk.asks(f"{number}" * 30), "x" * 30)
    question = talk.asks("y" * 30)
    each = tokens_in("x" * 30)
    talk.bot.memory_tokens = 4 * each
    assert talk.remembered(question) == [
        said("x" * 30), asked("4" * 30), said("x" * 30), asked("y" * 30),
    ]  # fmt: skip
    talk.bot.memory_tokens = 1
    assert talk.remembered(question) == [asked("y" * 30)]
