"""What a bot says, as messages: every answer names its question, in its id and in its data."""

from typing import Any, NamedTuple

from bots.models import Answer
from chat.handlers import answer_id
from chat.posting import Draft
from chat.protocol import Message

STOPPED = "Stopped."
"""What stands where an answer was stopped before it had begun."""


def draft(bot: str, question: Message, body: str, **data: Any) -> Draft:
    return Draft(
        sender=bot,
        conversation=question.conversation,
        client_id=answer_id(question.id),
        body=body,
        data={"reply_to": question.id} | {name: said for name, said in data.items() if said},
    )


def failure(bot: str, question: Message, error: str, sentence: str) -> Draft:
    return draft(bot, question, sentence, error=str(error))


class Said(NamedTuple):
    """What a model's answer came to."""

    text: str
    outcome: Answer.Outcome
    sentence: str = ""
    """Where it failed: what the person is told."""
    readings: tuple[dict[str, Any], ...] = ()


def answer(bot: str, question: Message, persona: str, said: Said) -> Draft:
    """The answer, whole, stopped, or cut off; of one that failed, what had come and why."""
    stopped = said.outcome is Answer.Outcome.STOPPED
    failed = bool(said.sentence)
    parts = [said.text.strip(), said.sentence]
    body = "\n\n".join(part for part in parts if part)
    return draft(
        bot,
        question,
        body or STOPPED,
        persona=persona,
        stopped=stopped,
        error=said.outcome.value if failed else "",
        readings=list(said.readings),
    )
