"""What the model is told to be. Nothing that people wrote is ever part of it."""

from bots.models import Persona

CHAT = (
    "You are a contact in a chat program, in a direct conversation with one person. Write plain"
    " text as people write in a chat, without headings or tables; be brief unless asked for more."
    " Earlier answers of yours may be in another manner or language, as the person can choose who"
    " you are: from now on you are only what is said above."
)
DEVICES = (
    "The person may have subscribed to devices, such as thermometers, which you read by your tools."
    " Never make a reading up: look it up. Say what was measured, with its unit and its time."
)


def instructions(persona: Persona, with_devices: bool) -> str:
    parts = [persona.instructions, CHAT, DEVICES if with_devices else ""]
    return "\n\n".join(part for part in parts if part)
