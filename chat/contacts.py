"""Members of the chat that are no people: devices and bots, as whoever brings them tells.

The chat knows none by name. Providers are asked about once a second, in every process that has
sockets: so it is never long unknown that a device fell silent, and no news of it can be lost.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from chat import errands
from chat.hub import hub
from chat.partners import Partner
from chat.presence import presence
from chat.protocol import Person, format_time
from chat.threads import read

log = logging.getLogger(__name__)

ASK_EVERY = 1.0


class Contact(NamedTuple):
    name: str
    title: str
    kind: str
    """“device” or “bot”."""
    online: bool
    last_seen: datetime | None
    """Of a device: its last reading."""
    seen_by: frozenset[str] | None
    """The accounts that may know of it; None for all."""

    def may_be_seen_by(self, account: str) -> bool:
        return self.seen_by is None or account in self.seen_by


Provider = Callable[[], list[Contact]]
_providers: list[Provider] = []


def provider(function: Provider) -> Provider:
    """Have the decorated function asked for its contacts; in a thread, it may run queries."""
    _providers.append(function)
    return function


def _ask_all() -> list[Contact]:
    return [contact for ask in _providers for contact in ask()]


class Contacts:
    """All contacts, as they were a moment ago. Kept on the event loop."""

    def __init__(self) -> None:
        self._known: dict[str, Contact] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def kind(self, name: str) -> str | None:
        """“device” or “bot”; None for people and for what is unknown."""
        known = self._known.get(name)
        return None if known is None else known.kind

    def is_hidden(self, name: str, account: str) -> bool:
        """Whether `account` is not to know that there is a contact `name`."""
        known = self._known.get(name)
        return known is not None and not known.may_be_seen_by(account)

    def seen_by(self, account: str) -> Iterator[Contact]:
        return (contact for contact in self._known.values() if contact.may_be_seen_by(account))

    async def begin(self) -> None:
        """Ask now, unless it is asked already, and from now on every second."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            await self._ask()
            errands.run(self._ask_forever())

    async def _ask_forever(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY)
            await self._ask()

    async def _ask(self) -> None:
        try:
            self._take({contact.name: contact for contact in await read(_ask_all)})
        except Exception as error:  # whatever it is, the next round must come
            log.error("Devices and bots could not be looked up: %s", type(error).__name__)

    def _take(self, found: dict[str, Contact]) -> None:
        before, self._known = self._known, found
        for name in before.keys() - found.keys():
            gone = before[name]
            presence.set_contact(_person(gone._replace(online=False)))
        for name, contact in found.items():
            _follow(before.get(name), contact)


def _follow(before: Contact | None, now: Contact) -> None:
    """Tell those who may know of it what is new of a contact."""
    presence.set_contact(_person(now))
    if before is None or before.seen_by != now.seen_by:
        _show(now)


def _show(contact: Contact) -> None:
    """To those connected who may know of it since now, and to no others any more. Who is yet to get
    their hello find it there."""
    watching = set(presence.watchers(contact.name))
    for connection in hub:
        may = contact.may_be_seen_by(connection.account)
        if may and connection not in watching and connection.is_open:
            partner = Partner(contact.name, contact.title, contact.kind, contact.last_seen)
            presence.introduce(connection, partner)
        elif not may and connection in watching:
            presence.ignore(connection, contact.name)


def _person(contact: Contact) -> Person:
    seen = format_time(contact.last_seen) if contact.last_seen else None
    return Person(contact.name, contact.title, contact.kind, contact.online, seen)


contacts = Contacts()
