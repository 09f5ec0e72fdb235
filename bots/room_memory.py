"""What a bot remembers of a room: the last of what all said there, up to so many tokens.

Its own words have its own role. Everybody else's are data with the name of who said it before
them: each message begins a line so, and no message can look like two, for its further lines are
indented. What was asked of the bot itself (commands, and what they were answered) is not among
them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bots.llm.prompt import Words, tokens_in
from bots.memory import is_answer, own_words, reply_to, that_fit
from bots.models import Bot
from bots.stopping import stops
from chat.models import Message as Stored
from chat.protocol import MAX_HISTORY, Message
from chat.store import store

MOST = 300
"""Messages looked at, the last ones."""
INDENT = "\n    "


def remembered_in_room(bot: Bot, first_seq: int, question: Message) -> list[Words]:
    """The room from `first_seq` up to `question`, which comes last, oldest first; what several say
    one after another is one turn. Runs two queries."""
    messages = store.before(question.conversation, first_seq, question.seq, MOST)
    messages += _answers_since(bot.name, messages, question)
    said = [
        words
        for message in _conversation(bot.name, messages)
        if (words := _words(bot.name, message))
    ]
    asked = _told(question)
    return _in_turns([*that_fit(said, bot.memory_tokens - tokens_in(asked.text)), asked])


def _answers_since(bot: str, before: Sequence[Message], question: Message) -> list[Message]:
    """Its answers to what was asked earlier, which took it until after this question."""
    asked = {message.id for message in before}
    since = store.after(question.conversation, question.seq, MAX_HISTORY)
    return [message for message in since if message.sender == bot and reply_to(message) in asked]


def _conversation(bot: str, messages: Sequence[Message]) -> Iterator[Message]:
    own = [message for message in messages if message.sender == bot]
    not_of_model = {reply_to(message) for message in own if not is_answer(message)}
    for message in messages:
        is_said = message.kind == Stored.Kind.TEXT and message.id not in not_of_model
        if is_said and (is_answer(message) if message.sender == bot else not stops(message, bot)):
            yield message


def _words(bot: str, message: Message) -> Words | None:
    return own_words(message) if message.sender == bot else _told(message)


def _told(message: Message) -> Words:
    return Words("user", f"{message.sender}: {INDENT.join(message.body.splitlines())}")


def _in_turns(said: Iterable[Words]) -> list[Words]:
    """Many models take nothing but turns of the two roles."""
    turns = groupby(said, key=lambda words: words.role)
    return [Words(role, "\n".join(words.text for words in some)) for role, some in turns]
