"""What a bot answers without its model: the commands, each found by its first word."""

# isort: off
from bots.commands import (  # noqa: F401 - each registers its own, in the order of the help
    personality,
    forgetting,
    spending,
    helping,
)

# isort: on
from bots.commands.guessing import guess
from bots.commands.helping import STOP
from bots.commands.registry import COMMANDS, Asked, Reply
from bots.models import Bot
from chat.protocol import Message
from chat.typed import parse

__all__ = ["Reply", "carry_out", "is_stop"]


def carry_out(body: str, bot: Bot, person: str, question: Message) -> Reply | None:
    """Do what `body` asks of the bot, and give the answer; None where it is no command, but a
    question for the model.

    `bot` comes with its account and persona; `person` is the name of who asks. Runs queries.
    """
    typed = parse(body, bot.name)
    command = COMMANDS.get(typed.command.removesuffix(":"))
    if command is None:
        return guess(typed, body)
    if typed.argument and not command.takes_argument:
        return None
    asked = Asked(bot, person, question)
    if command.privately and asked.in_room:
        return Reply(f"That is between us: write “{command.name}” to me directly.", command.name)
    return command.carry(asked, typed.argument)


def is_stop(body: str, bot: str) -> bool:
    """Whether `body`, to the bot of that name, ends the answer that is being written."""
    return parse(body, bot).text == STOP
