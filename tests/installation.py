"""A running chat as its clients see it, be it one process or many."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from chat.models import Account, Token
from tests.client import Client, open_socket
from tests.database import Database
from tests.services.log import Log

ADDRESS = "127.0.0.1"
running: list["Installation"] = []
"""Those whose logs are shown where a test fails."""


@dataclass(frozen=True)
class Person:
    name: str
    token: str


def dm(one: Person, other: Person) -> str:
    """The id of the two's conversation."""
    return ":".join(["dm", *sorted([one.name, other.name])])


class Installation(ABC):
    """Makes people and connects them."""

    database: Database

    @property
    @abstractmethod
    def port(self) -> int:
        """The port by which clients know it."""

    @abstractmethod
    def port_for(self, who: str) -> int:
        """The port of the process that takes the next connection of `who`."""

    @property
    @abstractmethod
    def written(self) -> Log: ...

    def __str__(self) -> str:
        return f"the {type(self).__name__.lower()} on port {self.port}"

    @property
    def host(self) -> str:
        """The name by which clients know it, whichever process answers them."""
        return f"{ADDRESS}:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    # ---- what it says --------------------------------------------------------------------------

    @property
    def log(self) -> str:
        return str(self.written)

    @property
    def log_length(self) -> int:
        return len(self.written)

    def log_since(self, length: int) -> str:
        return self.written.since(length)

    # ---- who is there --------------------------------------------------------------------------

    def person(self, name: str, password: str = "", **fields: Any) -> Person:
        """A new account whose name begins with `name`, and a token of it.

        Only with a `password` can it be signed in to by form. It is as one who has left the lobby:
        few tests are about that.
        """
        if password:
            hasher = PBKDF2PasswordHasher()  # of few rounds: the tests need no strength
            fields["password"] = hasher.encode(password, hasher.salt(), iterations=1_000)

        return self.database.call(lambda: _new_person(name, fields))

    def crowd(self, count: int) -> list[Person]:
        """So many new people, made in one go."""
        return self.database.call(lambda: [_new_person("crowd", {}) for _ in range(count)])

    def session(self, person: Person) -> str:
        """The key of a new browser session in which `person` is signed in."""
        return self.database.call(lambda: _sign_in(Account.objects.get(pk=person.name)))

    @asynccontextmanager
    async def connect(self, person: Person | None = None, **options: Any) -> AsyncIterator[Client]:
        """A connection that has read its `hello`, closed at the end. See `open_socket`."""
        hello = options.pop("hello", True)
        if person is not None:
            options.setdefault("token", person.token)
        who = person.name if person else str(options.get("token") or options.get("session"))
        options.setdefault("called", self.host)
        async with open_socket(f"{ADDRESS}:{self.port_for(who)}", **options) as socket:
            client = Client(socket)
            if hello:
                client.hello = await client.expect("hello")
            yield client


def _new_person(name: str, fields: dict[str, Any]) -> Person:
    account = Account(name=f"{name}-{uuid.uuid4().hex[:8]}", **fields)
    Account.objects.bulk_create([account])  # without the signal that brings them there
    return Person(account.name, Token.objects.issue(account)[1])


def _sign_in(account: Account) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = account.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)
