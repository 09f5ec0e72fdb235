"""What a bot remembers of a conversation: the last of what was said there, up to so many tokens.

Whose words they are says their role alone. What was asked of the chat (commands, and what they
were answered) and why an answer failed are not among them.
"""

from collections.abc import Iterable, Iterator, Sequence

from bots.commands import is_stop
from bots.failures import SENTENCES
from bots.llm.prompt import Words, tokens_in
from bots.models import Bot
from chat.models import Message as Stored
from chat.protocol import MAX_HISTORY, Message
from chat.store import store


def remembered(bot: Bot, forgotten_seq: int, question: Message) -> list[Words]:
    """The conversation up to `question`, which comes last, oldest first. Runs a query."""
    messages = store.before(question.conversation, forgotten_seq + 1, None, MAX_HISTORY)
    said = [words for message in _before(bot.name, messages, question)
            if (words := _words(bot.name, message))]  # fmt: skip
    asked = Words("user", question.body)
    return [*_that_fit(said, bot.memory_tokens - tokens_in(asked.text)), asked]


def _before(bot: str, messages: Sequence[Message], question: Message) -> Iterator[Message]:
    """Those that came before the question, and what the bot answered meanwhile to one of them:
    who writes on while it answers has the answer after the next question."""
    commands = {
        message.data["reply_to"]
        for message in messages
        if message.sender == bot and message.data and "command" in message.data
    }
    for message in messages:
        is_earlier = message.seq < question.seq or message.sender == bot
        if is_earlier and message.kind == Stored.Kind.TEXT and message.id not in commands:
            yield message


def _words(bot: str, message: Message) -> Words | None:
    """None where it is none of what was said."""
    if message.sender != bot:
        return None if is_stop(message.body, bot) else Words("user", message.body)
    data = message.data or {}
    if "persona" not in data or "command" in data:
        return None
    text = message.body.removesuffix(SENTENCES.get(data.get("error", ""), "")).strip()
    return Words("assistant", text) if text else None


def _that_fit(said: Iterable[Words], tokens: int) -> list[Words]:
    """The last of them that are `tokens` together, at the most."""
    found: list[Words] = []
    for words in reversed(list(said)):
        tokens -= tokens_in(words.text)
        if tokens < 0:
            break
        found.append(words)
    return found[::-1]
