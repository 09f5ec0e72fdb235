"""How a connection comes and goes, whether a WebSocket or an event stream is behind it."""

import asyncio

from chat import joining, recheck
from chat.acquaintances import met, shown, visible
from chat.connection import Connection
from chat.cursors import cursors
from chat.hub import hub
from chat.identity import Identity
from chat.joined import joined
from chat.lean import Send
from chat.overview import First, first_overviews
from chat.presence import presence
from chat.protocol import Hello


def arrive(identity: Identity, send: Send) -> Connection:
    """A connection of who was identified, to be served by the task that calls this.

    From here on live frames are kept, to follow the hello that is yet to be read.
    """
    abort = asyncio.current_task().cancel  # type: ignore[union-attr]
    connection = Connection(identity, send, leave, abort)
    hub.add(connection)
    presence.arrive(connection)
    recheck.start()
    return connection


async def hello(connection: Connection) -> Hello | None:
    """What the connection is told first; None where it was closed meanwhile: it watches nobody,
    and gets no hello. Raises django.db.Error."""
    name = connection.account
    await joining.load(name)
    found = await first_overviews.get(First(name, cursors.of(name)))
    cursors.freshen(name, found.conversations)
    if connection.closing:
        return None
    known = met(name, found.partners)
    presence.watch(connection, visible(name, known))
    return Hello(user=name, conversations=found.conversations, people=shown(name, known))


def leave(connection: Connection) -> None:
    """The connection closed, or is about to: it gets nothing more, and its person may be gone."""
    if hub.remove(connection):
        presence.leave(connection)
        if not hub.of(connection.account):
            cursors.forget(connection.account)
            joined.forget(connection.account)
