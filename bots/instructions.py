"""What the model is told to be. Nothing that people wrote is ever part of it."""

from bots.models import Persona

MANNER = (
    "Write plain text as people write in a chat, without headings or tables; be brief unless asked"
    " for more. Earlier answers of yours may be in another manner or language, as {} can choose who"
    " you are: from now on you are only what is said above."
)
DIRECTLY = (
    "You are a contact in a chat program, in a direct conversation with one person. "
    + MANNER.format("the person")
)
IN_ROOM = (
    "You are in a room of a chat program together with several people, who call you “@{}”. What"
    " they said comes with their names: each message begins a line with who wrote it and"
    " a colon, and its further lines are indented. Answer the last message, which calls you; the"
    " others are there for you to know what it is about. Begin with what you say, without a name. "
    + MANNER.format("everybody")
)
DEVICES = (
    "The person may have subscribed to devices, such as thermometers, which you read by your tools."
    " Never make a reading up: look it up. Say what was measured, with its unit and its time."
)


def instructions(persona: Persona, called: str = "") -> str:
    """Of an answer to one person, whose devices it may read; or in a room, where the bot is
    `called` by its name."""
    where = [IN_ROOM.format(called)] if called else [DIRECTLY, DEVICES]
    return "\n\n".join(part for part in (persona.instructions, *where) if part)
