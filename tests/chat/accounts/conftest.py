"""What the tests of accounts share: people with a password, browsers, a record of endings."""

from collections import defaultdict

import pytest
from django.test import Client

from chat import revocation
from chat.accounts import throttle
from chat.limits import TokenBuckets
from chat.models import Account

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def fresh_buckets(monkeypatch):
    """Each test begins with a full bucket of new accounts, and can run it dry."""
    buckets = TokenBuckets(throttle.NEW_ACCOUNTS_PER_SECOND, throttle.NEW_ACCOUNTS_BURST)
    monkeypatch.setattr(throttle, "_new_accounts", buckets)
    return buckets


@pytest.fixture
def alice(db) -> Account:
    return Account.objects.create_user("alice", PASSWORD, title="Alice L.")


@pytest.fixture
def bob(db) -> Account:
    return Account.objects.create_user("bob", PASSWORD)


@pytest.fixture
def charlie(db) -> Account:
    """The outsider."""
    return Account.objects.create_user("charlie", PASSWORD)


@pytest.fixture
def browser_of():
    """`browser_of(account)`: a browser in which the account is signed in."""

    def sign_in(account: Account) -> Client:
        browser = Client()
        browser.force_login(account, "django.contrib.auth.backends.ModelBackend")
        return browser

    return sign_in


@pytest.fixture
def ended(monkeypatch):
    """What was said to end, by kind: {"session": [key], "token": [digest], "account": [name]}.

    Whether sockets do end is tested on a real server (tests/chat/test_signout.py).
    """
    said: dict[str, list[str]] = defaultdict(list)
    for kind in ("session_ended", "token_revoked", "account_ended"):
        noted = said[kind.partition("_")[0]]
        monkeypatch.setattr(revocation, kind, noted.append)
    return said


@pytest.fixture
def committing(monkeypatch):
    """Run what waits for a commit at once: each test is one transaction, never committed."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda call, **_: call())
