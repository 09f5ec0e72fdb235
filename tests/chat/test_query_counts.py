"""What is asked often costs the same few queries, however much there is."""

from datetime import UTC, datetime

import pytest
from django.db import connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from chat import reading
from chat.identity import SESSION, TOKEN, Credential, Identity, identify, still_valid
from chat.models import Account, Conversation, Membership, Message, Token
from chat.models.token import digest_of
from chat.overview import overview
from chat.protocol import Stored, Sync
from tests.people import people

pytestmark = pytest.mark.django_db(databases=["default", "messages"])


def befriend(count: int) -> None:
    """Give Alice `count` conversations with one message each."""
    now = datetime.now(UTC)
    names = [f"friend{number}" for number in range(count)]
    ids = [f"dm:alice:{name}" for name in names]
    Account.objects.bulk_create(Account(name=name) for name in ("alice", *names))
    Conversation.objects.bulk_create(
        Conversation(id=id, kind="dm", last_seq=1, last_at=now) for id in ids
    )
    Membership.objects.bulk_create(
        Membership(account_id=name, conversation_id=id)
        for friend, id in zip(names, ids, strict=True)
        for name in ("alice", friend)
    )
    Message.objects.bulk_create(
        Message(
            id=f"00000000-0000-7000-8000-{number:012}",
            conversation=id,
            seq=1,
            sender=name,
            client_id=f"{number}",
            body="hello",
            sent_at=now,
        )
        for number, (name, id) in enumerate(zip(names, ids, strict=True))
    )


def queries(work) -> tuple[int, int]:
    """How many queries `work()` makes in `default` and in `messages`."""
    with (
        CaptureQueriesContext(connections["default"]) as default,
        CaptureQueriesContext(connections["messages"]) as messages,
    ):
        work()
    return len(default), len(messages)


@pytest.mark.parametrize("count", [1, 150])
def test_hello(count):
    befriend(count)
    found = overview("alice", {}, None, 200)
    assert len(found.conversations) == count
    assert queries(lambda: overview("alice", {}, None, 200)) == (3, 1)


@pytest.mark.parametrize("count", [1, 150])
def test_sync_without_news(count):
    befriend(count)
    asked = Sync(since={f"dm:alice:friend{number}": 1 for number in range(count)})
    assert reading.newer("alice", asked) == ([], {}, [])
    default, messages = queries(lambda: reading.newer("alice", asked))
    assert default + messages <= 3


@pytest.mark.parametrize("count", [1, 150])
def test_stored_when_all_is_received(count):
    befriend(count)
    Membership.objects.update(received_seq=1)
    assert reading.stored("alice", {}, Stored()) == []
    default, messages = queries(lambda: reading.stored("alice", {}, Stored()))
    assert default + messages <= 2


def signed_in(account: Account) -> str:
    """The key of a session of `account`."""
    browser = Browser()
    browser.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return browser.cookies["sessionid"].value


def test_however_many_sign_in_at_once_costs_three_queries():
    befriend(50)
    accounts = people()
    tokens = [Credential(TOKEN, digest_of(Token.objects.issue(a)[1])) for a in accounts]
    sessions = [Credential(SESSION, signed_in(account)) for account in accounts]
    default, messages = queries(lambda: identify(tokens + sessions))
    assert (default, messages) == (3, 0)
    assert len(identify(tokens + sessions)) == 2 * len(accounts)


def test_rechecking_many_connections():
    befriend(50)
    identities: list[Identity] = []
    for account in people():
        _, secret = Token.objects.issue(account)
        identities += identify([Credential(TOKEN, digest_of(secret))]).values()
    assert still_valid(identities) == set(identities)
    default, _ = queries(lambda: still_valid(identities))
    assert default <= 3
