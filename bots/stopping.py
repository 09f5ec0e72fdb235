"""`stop`: who ends which answer by it. In a room that is whoever asked, or governs the room."""

from bots.commands import is_stop
from chat.conversation_ids import is_room
from chat.protocol import MAX_HISTORY, Message
from chat.rooms.mentions import called
from chat.rooms.places import governs
from chat.store import store


def stops(message: Message, bot: str) -> bool:
    """Whether `message` tells the bot of this name to stop: in a room it has to call it."""
    if not is_stop(message.body, bot):
        return False
    return not is_room(message.conversation) or bot in called(message.body)


def ends(message: Message, question: Message, bot: str) -> bool:
    """Whether `message`, which is of the same conversation, ends the answer to `question`.

    A query where somebody else than who asked says so.
    """
    if message.seq <= question.seq or not stops(message, bot):
        return False
    return message.sender == question.sender or (
        is_room(message.conversation) and governs(message.sender, message.conversation)
    )


def has_ended_something(stop: Message, bot: str) -> bool:
    """Whether an answer was stopped since, by this. Runs queries."""
    since = store.after(stop.conversation, stop.seq, MAX_HISTORY)
    stopped = [m for m in since if m.sender == bot and (m.data or {}).get("stopped")]
    return any(
        ends(stop, question, bot) for answer in stopped if (question := _question_of(answer))
    )


def _question_of(answer: Message) -> Message | None:
    place = store.place_of(str((answer.data or {}).get("reply_to")))
    if place is None:
        return None
    conversation, seq = place
    return next(iter(store.at(conversation, [seq])), None)
