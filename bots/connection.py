"""Where a bot's model is: whose server, which key, which model.

The installation's key goes to the installation's server alone; a bot with a `base_url` of its own
has a key of its own, or none.
"""

from typing import NamedTuple

from django.conf import settings

from bots import keys
from bots.models import Bot


class Connection(NamedTuple):
    base_url: str
    """Empty: OpenAI's own."""
    key: str
    """Empty: the server asks for none."""
    model: str


def is_set(bot: Bot) -> bool:
    """Whether there is a server to ask: OpenAI's own wants a key, others may not."""
    return bool(
        bot.base_url or settings.OPENAI_BASE_URL or bot.sealed_key or settings.OPENAI_API_KEY
    )


def of(bot: Bot) -> Connection | None:
    """None where there is nothing to connect to."""
    if not is_set(bot):
        return None
    own = (keys.unseal(bot.sealed_key) or "") if bot.sealed_key else ""
    model = bot.model or settings.OPENAI_MODEL
    if bot.base_url:
        return Connection(bot.base_url, own, model)
    return Connection(settings.OPENAI_BASE_URL, own or settings.OPENAI_API_KEY, model)
