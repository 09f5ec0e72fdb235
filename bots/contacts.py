"""Bots as contacts of the chat: everybody sees them, online while there is a model to ask."""

from bots import connection
from bots.models import Bot
from chat import contacts
from chat.contacts import Contact
from chat.models import Account


@contacts.provider
def bots() -> list[Contact]:
    """All that are enabled and not deleted, by one query."""
    return [
        Contact(
            name=bot.name,
            title=bot.account.shown_title,
            kind=Account.Kind.BOT.value,
            online=connection.is_set(bot),
            last_seen=None,
            seen_by=None,
        )
        for bot in Bot.objects.filter(enabled=True).select_related("account")
        if bot.account.deleted_at is None
    ]
