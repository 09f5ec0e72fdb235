"""`forget`: the bot's memory of this conversation begins anew; the messages stay."""

from bots import acquaintances
from bots.commands.registry import Asked, Reply, command


@command(
    "forget",
    ("forget", "empty the bot's memory of this conversation; the messages stay"),
    privately=True,
)
def forget(asked: Asked, argument: str) -> Reply:
    acquaintances.forget(asked.bot, asked.person, asked.question.seq)
    return Reply("Forgotten. The messages stay here; the bot begins anew after them.", "forget")
