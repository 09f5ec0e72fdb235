"""What a bot remembers of a direct conversation: the last of what was said there, up to so many
tokens.

Whose words they are says their role alone. What was asked of the chat (commands, and what they
were answered) and why an answer failed are not among them.
"""

from collections.abc import Iterable, Iterator, Sequence

from bots.drafts import STOPPED
from bots.failures import SENTENCES
from bots.llm.prompt import Words, tokens_in
from bots.models import Bot
from bots.stopping import stops
from chat.models import Message as Stored
from chat.protocol import MAX_HISTORY, Message
from chat.store import store


def remembered(bot: Bot, first_seq: int, question: Message) -> list[Words]:
    """The conversation from `first_seq` up to `question`, which comes last, oldest first. Runs two
    queries."""
    messages = store.before(question.conversation, first_seq, question.seq, MAX_HISTORY)
    messages += store.after(question.conversation, question.seq, MAX_HISTORY)
    said = [
        words
        for message in _of_the_model(bot.name, messages, question)
        if (words := _words(bot.name, message))
    ]
    asked = Words("user", question.body)
    return [*that_fit(said, bot.memory_tokens - tokens_in(asked.text)), asked]


def _of_the_model(bot: str, messages: Sequence[Message], question: Message) -> Iterator[Message]:
    """What was asked before the question and reached the model, and its answers to that.

    Who writes on while the bot answers, or tells it to forget, has the answer afterwards.
    """
    asked = {m.id for m in messages if m.sender != bot and m.seq < question.seq}
    asked -= {reply_to(m) for m in messages if m.sender == bot and not is_answer(m)}
    for message in messages:
        if message.kind == Stored.Kind.TEXT:
            whose = reply_to(message) if message.sender == bot else message.id
            if whose in asked and (message.sender != bot or is_answer(message)):
                yield message


def reply_to(message: Message) -> str:
    return str((message.data or {}).get("reply_to"))


def is_answer(message: Message) -> bool:
    """Whether the model was asked for it; it may have failed all the same."""
    data = message.data or {}
    return "persona" in data and "command" not in data


def _words(bot: str, message: Message) -> Words | None:
    """None where it is none of what was said."""
    if message.sender != bot:
        return None if stops(message, bot) else Words("user", message.body)
    return own_words(message)


def own_words(message: Message) -> Words | None:
    """What the bot itself said in this answer; None where it came to nothing."""
    data = message.data or {}
    if data.get("stopped") and message.body == STOPPED:
        return None
    text = message.body.removesuffix(SENTENCES.get(data.get("error", ""), "")).strip()
    return Words("assistant", text) if text else None


def that_fit(said: Iterable[Words], tokens: int) -> list[Words]:
    """The last of them that are `tokens` together, at the most."""
    found: list[Words] = []
    for words in reversed(list(said)):
        tokens -= tokens_in(words.text)
        if tokens < 0:
            break
        found.append(words)
    return found[::-1]
