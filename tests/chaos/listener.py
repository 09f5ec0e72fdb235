"""The product's own client, which only listens, and makes up for what it missed by itself."""

import asyncio
from collections import defaultdict

from msgspec import to_builtins

from chat.client import ChatClient, Link, NewMessage
from tests.client import WITHIN, Frame
from tests.installation import ADDRESS, Installation, Person

RETRY = 0.05
"""Seconds between two attempts to reach a server that is down."""


class Listener:
    """A second device of somebody who talks: what it shows is made of what it was told."""

    def __init__(self, server: Installation, person: Person) -> None:
        self.person = person
        self.shown: defaultdict[str, list[Frame]] = defaultdict(list)
        """The messages by conversation, in the order in which they were told."""
        self._server = server

    async def run(self) -> None:
        """For ever."""
        server = f"http://{ADDRESS}:{self._server.port_for(self.person.name)}"
        chat = ChatClient(server, self.person.name, token=self.person.token, patience=WITHIN)
        async with chat:
            async for event in chat.events():
                match event:
                    case NewMessage(message):
                        self.shown[message.conversation].append(to_builtins(message))
                    case Link("waiting"):
                        await asyncio.sleep(RETRY)
                        chat.hurry()
