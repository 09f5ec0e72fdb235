"""A new display name, told to those whom it concerns."""

import logging
from collections.abc import Collection

from django.db import Error

from chat.conversation_ids import dm_id
from chat.cursors import cursors
from chat.hub import hub
from chat.models import Membership
from chat.overview import overview_of
from chat.presence import presence
from chat.protocol import ConversationFrame, encode
from chat.threads import read

log = logging.getLogger(__name__)

AT_ONCE = 500
"""People looked up by one query."""


async def announce(name: str, title: str) -> None:
    """Tell of the new title: everybody who sees `name` online, and their direct partners."""
    presence.rename(name, title)
    watching = sorted({connection.account for connection in presence.watchers(name)})
    try:
        for start in range(0, len(watching), AT_ONCE):
            for partner in await read(_partners, name, watching[start : start + AT_ONCE]):
                await _show_again(partner, dm_id(name, partner))
    except Error as error:
        log.error("A new title could not be told: %s", type(error).__name__)


def _partners(name: str, accounts: Collection[str]) -> list[str]:
    """Those of `accounts` who have a direct conversation with `name`. Runs a query."""
    by_id = {dm_id(name, account): account for account in accounts}
    found = Membership.objects.filter(account=name, conversation__in=list(by_id))
    return [by_id[id_] for id_ in found.values_list("conversation_id", flat=True)]


async def _show_again(account: str, conversation: str) -> None:
    found = await read(overview_of, account, conversation, cursors.of(account))
    cursors.freshen(account, found.conversations)
    for shown in found.conversations:
        hub.push([account], encode(ConversationFrame(shown)))
