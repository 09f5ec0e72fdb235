"""What is to be done about the oldest question that waits for a bot. All of it runs queries."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from bots import connection, drafts
from bots.acquaintances import persona_of
from bots.budgets import budget, today
from bots.commands import carry_out
from bots.connection import Connection
from bots.drafts import Said
from bots.failures import SENTENCES
from bots.llm.prompt import Prompt, Used
from bots.models import Answer, Bot
from bots.places import remembered_from
from bots.prompting import prompt_of
from bots.stopping import ends, has_ended_something, stops
from chat import handlers
from chat.conversation_ids import is_direct
from chat.posting import Draft
from chat.protocol import Message
from chat.store import store

MOST_ATTEMPTS = 3
"""How often a question is begun: one that takes its worker down with it is given up."""
SPENT = "spent"
NOT_HERE = "not here"
"""Why is nobody's affair in a room: it is asked for directly."""
SWITCHED_OFF = "switched off"
LONG_QUESTION = "long question"


class Asking(NamedTuple):
    """What the model is to be asked."""

    bot: str
    question: Message
    persona: str
    prompt: Prompt
    connection: Connection
    with_devices: bool
    """Whether the model may read the person's devices."""

    @property
    def person(self) -> str:
        return self.question.sender


class Case(NamedTuple):
    """A question, and what is to be said or asked: one of these two."""

    question: Message
    draft: Draft | None = None
    asking: Asking | None = None


def next_case(name: str, conversation: str) -> Case | None:
    """The oldest question to the bot `name` that is to be answered; those before it, which are
    not, are passed over."""
    bot = Bot.objects.select_related("account", "persona").filter(pk=name).first()
    while questions := handlers.unanswered(name, conversation):
        question, *later = questions
        if bot and handlers.asking(question) and (case := _case(bot, question, later)):
            return case
        handlers.answered(name, conversation, question.seq)
    return None


def ended(asking: Asking, said: Said, used: Used) -> None:
    """Note what the answer to a question came to."""
    _spend(asking, used, outcome=said.outcome, ended_at=timezone.now())


def interrupted(asking: Asking, used: Used) -> None:
    """Note what was used in vain: this process stops, or cannot go on. It is not the question's
    fault, so that it was begun does not count."""
    _spend(asking, used, attempts=F("attempts") - 1)


def _spend(asking: Asking, used: Used, **fields: Any) -> None:
    Answer.objects.filter(pk=asking.question.id).update(
        prompt_tokens=F("prompt_tokens") + used.prompt_tokens,
        answer_tokens=F("answer_tokens") + used.answer_tokens,
        **fields,
    )


def _case(bot: Bot, question: Message, later: Sequence[Message]) -> Case | None:
    """None where it is answered already."""
    if not bot.enabled:
        off = f"{bot.account.shown_title} is switched off."
        return Case(question, drafts.failure(bot.name, question, SWITCHED_OFF, off))
    if stops(question, bot.name) and has_ended_something(question, bot.name):
        return None
    reply = carry_out(question.body, bot, question.sender, question)
    if reply is not None:
        said = drafts.draft(
            bot.name, question, reply.body, command=reply.command, persona=reply.persona
        )
        return Case(question, said)
    if any(ends(message, question, bot.name) for message in later):
        return _stopped_before(bot, question)
    begun = Answer.objects.filter(pk=question.id).values_list("attempts", flat=True).first()
    if refused := _why_not(question, counts=begun is None):
        return Case(question, drafts.failure(bot.name, question, *refused))
    where = connection.of(bot)
    if where is None:
        return _failed(bot, question, Answer.Outcome.NOT_CONNECTED)
    return _asking(bot, question, where, begun)


def _failed(bot: Bot, question: Message, outcome: Answer.Outcome) -> Case:
    return Case(question, drafts.failure(bot.name, question, outcome, SENTENCES[outcome]))


def _stopped_before(bot: Bot, question: Message) -> Case:
    persona = persona_of(bot, question.sender)
    said = Said("", Answer.Outcome.STOPPED)
    return Case(question, drafts.answer(bot.name, question, persona.name, said))


def _why_not(question: Message, counts: bool) -> tuple[str, str] | None:
    """Where the model is not to be asked: a word for programs, and a sentence for people.

    `counts`: it was not begun before, and is yet to be counted.
    """
    if len(question.body) > settings.BOT_PROMPT_LIMIT:
        most = settings.BOT_PROMPT_LIMIT
        return LONG_QUESTION, f"That is too long for me: at most {most:,} characters, please."
    if not counts or not (day := budget(question.sender)).left.is_nothing:
        return None
    if not (day.is_everybodys_spent or is_direct(question.conversation)):
        return NOT_HERE, "I cannot answer you here at the moment: ask me directly, I tell you why."
    whose = "Everybody's" if day.is_everybodys_spent else "Your"
    return SPENT, f"{whose} answers for today are used up; the count starts anew at midnight, UTC."


def _asking(bot: Bot, question: Message, where: Connection, begun: int | None) -> Case | None:
    """None where the answer is stored already: who gave it died before it said so; and where
    nobody is to be answered any more.

    `begun`: how often it was; None where it was never.
    """
    if begun is not None and store.sent({bot.name: [handlers.answer_id(question.id)]}):
        return None
    if begun is not None and begun >= MOST_ATTEMPTS:
        Answer.objects.filter(pk=question.id).update(outcome=Answer.Outcome.FAILED)
        return _failed(bot, question, Answer.Outcome.FAILED)
    first_seq = remembered_from(bot, question)
    if first_seq is None:
        return None  # one of them has left meanwhile
    persona = persona_of(bot, question.sender)
    _begin(bot, question, persona.name, where.model)
    prompt = prompt_of(bot, persona, first_seq, question)
    alone = is_direct(question.conversation)
    asking = Asking(bot.name, question, persona.name, prompt, where, with_devices=alone)
    return Case(question, asking=asking)


def _begin(bot: Bot, question: Message, persona: str, model: str) -> None:
    """Have the question count, once."""
    answer = Answer(
        question=question.id, bot=bot, person_id=question.sender, persona=persona, model=model,
        day=today(),
    )  # fmt: skip
    Answer.objects.bulk_create([answer], ignore_conflicts=True)
    Answer.objects.filter(pk=question.id).update(attempts=F("attempts") + 1)
