"""What the model is given with a question: what to be, and what was said before."""

from bots.instructions import instructions
from bots.llm.prompt import Prompt
from bots.memory import remembered
from bots.models import Bot, Persona
from bots.room_memory import remembered_in_room
from chat.conversation_ids import is_direct
from chat.protocol import Message


def prompt_of(bot: Bot, persona: Persona, first_seq: int, question: Message) -> Prompt:
    """`first_seq`: from where on the bot may be told what was said. Runs queries.

    With one person alone the model may read devices: that person's. They are not told to a room.
    """
    if is_direct(question.conversation):
        told, words = instructions(persona), remembered(bot, first_seq, question)
    else:
        told = instructions(persona, called=bot.name)
        words = remembered_in_room(bot, first_seq, question)
    return Prompt(told, words, persona.temperature, bot.answer_tokens)
