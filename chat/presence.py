"""Who is online: true while at least one connection lives. Kept on the event loop.

A connection is a lease: the server pings it and drops it within 20 s of silence, so nobody
stays online who is gone. Changes are gathered and told in one frame a second at the most.

Other processes tell who came to them and who left; a process that dies is silent for the length
of its lease, and then all whom it had connections of have left.

Everybody is told of a shared roster (the first 200 people online), and of their own partners;
so a frame stays small, and the same for nearly all, however many people there are.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from django.db import Error

from chat.backplane import backplane
from chat.backplane.news import Came, Left
from chat.connection import Connection
from chat.hints import save_last_seen
from chat.hub import hub
from chat.later import Later
from chat.partners import Partner
from chat.protocol import MAX_PEOPLE, Person, Presence, encode, format_time
from chat.threads import save as run_save
from chat.whereabouts import Whereabouts

log = logging.getLogger(__name__)

TELL_EVERY = 1.0
"""Seconds between two presence frames."""
GATHER = 0.2
"""Seconds that a change waits for others to go along."""
OFFLINE_AFTER = 1.0
"""Seconds that a person may be without a connection, as in a reload, and yet count as online."""
SAVE_AFTER = 0.5
MOST_VIEWED = 1000
"""People whom one connection is told of for having listed them: the last ones."""


class PresenceBoard:
    def __init__(self) -> None:
        self._online: dict[str, Person] = {}
        self._elsewhere = Whereabouts()
        self._roster: dict[str, None] = {}
        self._watchers: dict[str, dict[Connection, None]] = {}
        self._changed: dict[str, Person] = {}
        self._told: dict[str, Person] = {}
        self._told_roster: frozenset[str] = frozenset()
        self._offered: set[str] = set()
        self._introduced: dict[Connection, list[Person]] = {}
        self._contacts: dict[str, Person] = {}
        self._changed_contacts: dict[str, Person] = {}
        self._told_at = float("-inf")
        self._telling = False
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._seen: dict[str, datetime] = {}
        self._save_later = Later(SAVE_AFTER, self.save)

    # ---- what happens

    def arrive(self, connection: Connection) -> None:
        """A connection of a person opened."""
        name, title, kind = connection.identity[:3]
        if len(hub.of(name)) == 1:
            backplane.tell(Came(name, title, kind))
        if name not in self._online:
            self._appear(Person(name, title, kind, True, None))
            self._see(name)

    def leave(self, connection: Connection) -> None:
        """A connection closed; its person has left when none comes in its place."""
        for name in connection.watching:
            self._unwatch(connection, name)
        name = connection.account
        if not hub.of(name):
            at = self._see(name)
            backplane.tell(Left(name, at.timestamp()))
            self._leave_soon(name, at)

    def came(self, process: str, person: Came) -> None:
        """Another process has a connection of a person, or knows a new display name."""
        self._elsewhere.add(person.name, process)
        known = self._online.get(person.name)
        if known is None or known.title != person.title:
            self._appear(Person(person.name, person.title, person.kind, True, None))

    def left(self, process: str, name: str, at: datetime) -> None:
        """Another process has no connection of a person any more."""
        self._elsewhere.remove(name, process)
        self._leave_soon(name, at)

    def people_of(self, process: str, people: Mapping[str, Came]) -> None:
        """All whom another process has connections of, as of now."""
        now = datetime.now(UTC)
        for name in self._elsewhere.at(process) - people.keys():
            self.left(process, name, now)
        for person in people.values():
            self.came(process, person)

    def rename(self, name: str, title: str) -> None:
        """A person online has a new display name."""
        if person := self._online.get(name):
            self._appear(Person(name, title, person.kind, True, None))
            if hub.of(name):
                backplane.tell(Came(name, title, person.kind))

    def set_contact(self, contact: Person) -> None:
        """How a device or a bot is now; those who watch it are told what matters of it."""
        before = self._contacts.get(contact.name)
        self._contacts[contact.name] = contact
        if before and (before.online, before.title) != (contact.online, contact.title):
            self._changed_contacts[contact.name] = contact
            self._tell_soon()

    def introduce(self, connection: Connection, partner: Partner) -> None:
        """Tell `connection`, from now on, of somebody it has just met."""
        self.watch(connection, [partner.name])
        self._introduced.setdefault(connection, []).append(self.person(*partner))
        self._tell_soon()

    def watch(self, connection: Connection, names: Collection[str]) -> None:
        """Have `connection` told of `names`, whether or not they are in the roster."""
        new = frozenset(names) - connection.watching
        connection.watching |= new
        for name in names:
            connection.viewed.pop(name, None)
        for name in new:
            self._watchers.setdefault(name, {})[connection] = None

    def view(self, connection: Connection, names: Iterable[str]) -> None:
        """Have `connection` told of `names` until it has been shown many others. Whom it watches
        anyhow, it goes on watching."""
        viewed = connection.viewed
        listed = [name for name in names if name in viewed or name not in connection.watching]
        self.watch(connection, listed)
        viewed |= dict.fromkeys(listed)
        self._ignore_all(connection, list(viewed)[: max(0, len(viewed) - MOST_VIEWED)])

    def ignore(self, connection: Connection, name: str) -> None:
        """Tell `connection` of `name` no more."""
        self._ignore_all(connection, [name])

    # ---- what is known

    @property
    def online(self) -> int:
        """How many are online, whichever process they are connected to."""
        return len(self._online)

    def here(self) -> list[Came]:
        """Whom this process has connections of."""
        known = (self._online.get(name) for name in hub.accounts())
        return [Came(person.name, person.title, person.kind) for person in known if person]

    def watchers(self, name: str) -> list[Connection]:
        """The connections of those who have a direct conversation with `name`."""
        return list(self._watchers.get(name, ()))

    def person(self, name: str, title: str, kind: str, last_seen: datetime | None) -> Person:
        """How `name` is now, from what the database says of them."""
        if known := self._online.get(name) or self._contacts.get(name):
            return known
        last_seen = self._seen.get(name, last_seen)
        return Person(name, title, kind, False, format_time(last_seen) if last_seen else None)

    def others(self, besides: Iterable[str]) -> list[Person]:
        """The roster without `besides`."""
        left_out = set(besides)
        self._offered |= self._roster.keys() - self._told_roster
        return [self._online[name] for name in self._roster if name not in left_out]

    async def save(self, everybody: bool = False) -> None:
        """Write when people were last seen; with `everybody`, those who are online as well."""
        if everybody:
            now = datetime.now(UTC)
            self._seen |= dict.fromkeys(hub.accounts(), now)
        saved = dict(self._seen)
        if not saved:
            return
        try:
            await run_save(save_last_seen, saved)
        except Error as error:
            log.error("Last seen could not be saved: %s", type(error).__name__)
            return
        for name, at in saved.items():
            if self._seen.get(name) == at:
                del self._seen[name]

    # ---- how it works

    def _appear(self, person: Person) -> None:
        self._online[person.name] = person
        if len(self._roster) < MAX_PEOPLE:
            self._roster[person.name] = None
        self._change(person)

    def _leave_soon(self, name: str, at: datetime) -> None:
        """Unless they come back; who then leaves anew has as long once more."""
        if (before := self._leaving.get(name)) is not None:
            before.cancel()
        loop = asyncio.get_running_loop()
        self._leaving[name] = loop.call_later(OFFLINE_AFTER, self._leave, name, at)

    def _leave(self, name: str, at: datetime) -> None:
        del self._leaving[name]
        person = self._online.get(name)
        if person is None or hub.of(name) or self._elsewhere.anywhere(name):
            return
        del self._online[name]
        self._change(Person(name, person.title, person.kind, False, format_time(at)))
        if name in self._roster:
            del self._roster[name]
            self._fill_roster()

    def _fill_roster(self) -> None:
        if len(self._online) <= len(self._roster):
            return
        name = next(name for name in self._online if name not in self._roster)
        self._roster[name] = None
        self._change(self._online[name])

    def _see(self, name: str) -> datetime:
        at = self._seen[name] = datetime.now(UTC)
        self._save_later.ask()
        return at

    def _ignore_all(self, connection: Connection, names: Collection[str]) -> None:
        connection.watching -= frozenset(names)
        for name in names:
            connection.viewed.pop(name, None)
            self._unwatch(connection, name)

    def _unwatch(self, connection: Connection, name: str) -> None:
        watchers = self._watchers.get(name, {})
        watchers.pop(connection, None)
        if not watchers:
            self._watchers.pop(name, None)

    def _change(self, person: Person) -> None:
        self._changed[person.name] = person
        self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = True
            loop = asyncio.get_running_loop()
            loop.call_at(max(loop.time() + GATHER, self._told_at + TELL_EVERY), self._tell)

    def _tell(self) -> None:
        self._telling = False
        self._told_at = asyncio.get_running_loop().time()
        changed, self._changed = self._news(), {}
        # whoever merely passed through the roster is no news, unless a hello showed them
        shown = self._told_roster.union(self._roster, self._offered)
        self._offered.clear()
        self._told_roster = frozenset(self._roster)
        shared = {name: person for name, person in changed.items()
                  if name in shown}  # fmt: skip
        introduced, self._introduced = self._introduced, {}
        others = {name: changed[name] for name in changed.keys() - shared.keys()}
        others |= self._changed_contacts
        self._changed_contacts = {}
        extra = self._extra(others)
        for connection, met in introduced.items():
            news = extra.get(connection, {})
            extra[connection] = {**{person.name: person for person in met}, **news}
        frame = _frame(shared.values()) if shared else None
        for connection in hub:
            more = extra.get(connection)
            if more or connection.account in shared:
                people = {**(more or {}), **shared}
                people.pop(connection.account, None)
                if people:
                    connection.push(_frame(people.values()))
            elif frame:
                connection.push(frame)

    def _news(self) -> dict[str, Person]:
        """The changes that are any: who left and came back in between is none."""
        news = {}
        for name, person in self._changed.items():
            told = self._told.pop(name, None)
            if person.online:
                self._told[name] = person
            joined = name in self._roster and name not in self._told_roster
            shown = joined or name in self._offered
            if shown or (told is not None) != person.online or (person.online and told != person):
                news[name] = person
        return news

    def _extra(self, people: Mapping[str, Person]) -> dict[Connection, dict[str, Person]]:
        """Which connections are told of which `people` for being their partners."""
        extra: dict[Connection, dict[str, Person]] = {}
        for name, person in people.items():
            for connection in self._watchers.get(name, ()):
                extra.setdefault(connection, {})[name] = person
        return extra


def _frame(people: Iterable[Person]) -> str:
    return encode(Presence(list(people)))


presence = PresenceBoard()
