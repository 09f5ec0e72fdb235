"""Suspension, deletion, new passwords: what they leave, and when the sockets hear of it."""

import pytest
from django.db import transaction

from chat.accounts import endings, tokens
from chat.models import Account, Conversation, Membership, Token

pytestmark = pytest.mark.django_db


def test_suspension_keeps_what_there_is(alice, browser_of, ended, committing):
    browser = browser_of(alice)
    tokens.issue(alice)
    endings.suspend(alice)
    assert browser.get("/account/").status_code == 302
    assert Token.objects.exists()
    assert ended["account"] == ["alice"]
    endings.resume(alice)
    assert browser.get("/account/").status_code == 200


def test_an_admins_deletion_leaves_no_rights(ended):
    root = Account.objects.create_superuser("root", "x")
    endings.delete(root)
    root.refresh_from_db()
    assert not root.is_staff
    assert not root.is_superuser


def test_deletion_leaves_conversations(alice, bob, ended):
    conversation = Conversation.objects.create(id="dm:alice:bob", kind="dm", last_seq=3)
    for member in (alice, bob):
        Membership.objects.create(account=member, conversation=conversation)
    endings.delete(alice)
    assert Membership.objects.filter(conversation=conversation).count() == 2


def test_deletion_keeps_when_one_was_last_seen_current(alice, ended):
    """What the server has written since the row was read is not written back."""
    stale = Account.objects.get(name="alice")
    Account.objects.filter(name="alice").update(last_seen="2026-01-01T00:00Z")
    endings.delete(stale)
    alice.refresh_from_db()
    assert alice.last_seen is not None


@pytest.mark.parametrize(
    "end",
    [endings.suspend, endings.delete, lambda account: endings.change_password(account, "x")],
)
def test_sockets_hear_of_it_after_the_commit(alice, ended, end, django_capture_on_commit_callbacks):
    """Told earlier, a socket that comes back at once would be let in by the old row."""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        end(alice)
        assert not ended["account"]
    assert ended["account"] == ["alice"]


def test_what_is_rolled_back_ends_nothing(alice, ended, django_capture_on_commit_callbacks):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
    ):
        endings.suspend(alice)
        raise ZeroDivisionError
    assert not ended["account"]
    alice.refresh_from_db()
    assert alice.is_active
