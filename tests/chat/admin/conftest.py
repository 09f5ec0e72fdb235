"""What the tests of the admin share: who runs the chat, who talks in it, what they said."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from chat.ids import beginning
from chat.models import Account, Conversation, Membership, Message, Room
from tests.server import Person

PASSWORD = "correct horse battery"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = "what two people write each other"
_numbers = itertools.count(1)


def browser_of(account: Account) -> Client:
    browser = Client()
    browser.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return browser


def staff(name: str, *rights: str) -> Account:
    """Somebody who may use the admin, with these rights alone ("view_message")."""
    account = Account.objects.create_user(name, PASSWORD, is_staff=True)
    account.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return account


def talk(conversation: str, *members: str, kind: str = "dm", private: bool = False) -> Conversation:
    """A conversation with these accounts, which are made where there are none."""
    made = Conversation.objects.create(id=conversation, kind=kind)
    if kind == "room":
        Room.objects.create(conversation=made, title=conversation, private=private)
    for name in members:
        account, _ = Account.objects.get_or_create(name=name)
        joined = NOON if kind == "room" else None
        Membership.objects.create(account=account, conversation=made, joined_at=joined)
    return made


def say(conversation: str, seq: int, sender: str, at: datetime | None = None, **fields) -> Message:
    at = at or NOON + timedelta(minutes=seq)
    Conversation.objects.filter(pk=conversation).update(last_seq=seq)
    number = next(_numbers)
    return Message.objects.create(**{
        "id": f"{beginning(int(at.timestamp() * 1000))}-7000-8000-{number:012}",
        "conversation": conversation, "seq": seq, "sender": sender, "client_id": f"c{number}",
        "body": WORDS, "sent_at": at, **fields,
    })  # fmt: skip


@pytest.fixture
def boss(db) -> Client:
    """The browser of a superuser."""
    return browser_of(Account.objects.create_superuser("boss", PASSWORD))


@pytest.fixture
def admin(server) -> Person:
    """A superuser of a real server."""
    return server.person("boss", is_staff=True, is_superuser=True)
