"""A new display name, told to those whom it concerns."""

import logging

from django.db import Error

from chat.connection import Connection
from chat.conversation_ids import dm_id
from chat.cursors import cursors
from chat.overview import overview_of
from chat.presence import presence
from chat.protocol import ConversationFrame, encode
from chat.threads import read

log = logging.getLogger(__name__)


async def announce(name: str, title: str) -> None:
    """Tell of the new title: everybody who sees `name` online, and their direct partners."""
    presence.rename(name, title)
    for connection in presence.watchers(name):
        try:
            await _show_again(connection, dm_id(name, connection.account))
        except Error as error:
            log.error("A new title could not be told: %s", type(error).__name__)


async def _show_again(connection: Connection, conversation: str) -> None:
    account = connection.account
    found = await read(overview_of, account, conversation, cursors.of(account))
    cursors.freshen(account, found.conversations)
    for shown in found.conversations:
        connection.push(encode(ConversationFrame(shown)))
