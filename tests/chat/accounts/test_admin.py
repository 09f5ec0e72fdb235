"""Django's admin: it works with our accounts, shows no secret, and unmakes no name or message."""

from datetime import UTC, datetime

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission

from chat.accounts import endings, invites, tokens
from chat.models import Account, Conversation, Message, Token
from chat.models.token import digest_of
from tests.chat.accounts.conftest import PASSWORD
from tests.chat.accounts.pages import text

pytestmark = [
    pytest.mark.django_db(databases=["default", "messages"]),
    pytest.mark.usefixtures("committing"),
]
ACCOUNTS = "/admin/chat/account/"
SECRET_BODY = "what two people write each other"


@pytest.fixture
def root(db, browser_of):
    return browser_of(Account.objects.create_superuser("root", PASSWORD))


@pytest.fixture
def message():
    Conversation.objects.create(id="dm:alice:bob", kind="dm")
    return Message.objects.create(
        id="0192aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee",
        conversation="dm:alice:bob",
        seq=1,
        sender="alice",
        client_id="1",
        body=SECRET_BODY,
        sent_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    )


def change(browser, name: str, **fields):
    form = {"title": "", "is_active": "on", **fields}
    return browser.post(f"{ACCOUNTS}{name}/change/", {k: v for k, v in form.items() if v})


def act(browser, action: str, *names: str):
    return browser.post(ACCOUNTS, {"action": action, "_selected_action": names}, follow=True)


def test_it_is_for_admins_alone(browser_of, alice):
    assert browser_of(alice).get(ACCOUNTS).status_code == 302


@pytest.mark.parametrize(
    "page", ["account/", "token/", "invite/", "message/", "conversation/", "account/add/"]
)
def test_each_page_opens(root, alice, message, page):
    tokens.issue(alice, "kitchen")
    invites.make(alice, uses=1, days=1)
    assert root.get(f"/admin/chat/{page}").status_code == 200
    assert root.get(f"/admin/chat/{page}?q=a").status_code in (200, 302)


def test_an_account_is_made_without_case(root):
    fields = {"name": "Dora", "password1": PASSWORD, "password2": PASSWORD}
    response = root.post(f"{ACCOUNTS}add/", fields)
    assert response.status_code == 302, text(response)
    assert Account.objects.get(name="dora").check_password(PASSWORD)


@pytest.mark.parametrize("name", ["openai", "ALICE", "do ra"])
def test_a_name_that_cannot_be_is_refused(root, alice, name):
    fields = {"name": name, "password1": PASSWORD, "password2": PASSWORD}
    response = root.post(f"{ACCOUNTS}add/", fields)
    assert response.status_code == 200
    people = Account.objects.filter(kind=Account.Kind.PERSON)
    assert set(people.values_list("name", flat=True)) == {"root", "alice"}


def test_no_hash_is_shown(root, alice):
    page = root.get(f"{ACCOUNTS}alice/change/").content.decode()
    assert alice.password not in page
    assert alice.password.split("$")[-1][:8] not in page


def test_a_password_set_here_ends_what_was_signed_in(root, alice, ended):
    tokens.issue(alice)
    new = "a horse of another colour"
    fields = {"password1": new, "password2": new}
    response = root.post(f"{ACCOUNTS}alice/password/", fields)
    assert response.status_code == 302, text(response)
    alice.refresh_from_db()
    assert alice.check_password(new)
    assert not Token.objects.exists()
    assert ended["account"] == ["alice"]


def test_an_empty_password_is_refused(root, alice):
    for fields in ({}, {"usable_password": "false", "unset-password": "1"}):
        response = root.post(f"{ACCOUNTS}alice/password/", fields)
        assert response.status_code == 200
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_admins_own_new_password_ends_their_tokens(root, ended):
    tokens.issue(Account.objects.get(name="root"))
    new = "a horse of another colour"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert root.post("/admin/password_change/", fields).status_code == 302
    assert not Token.objects.exists()
    assert ended["account"] == ["root"]
    assert root.get(ACCOUNTS).status_code == 200


def test_unticking_may_sign_in_suspends(root, alice, ended):
    assert change(root, "alice", title="Alice L.").status_code == 302
    assert not ended["account"]
    assert change(root, "alice", is_active="").status_code == 302
    alice.refresh_from_db()
    assert not alice.is_active
    assert ended["account"] == ["alice"]


@pytest.fixture
def clerk(db, browser_of):
    """Who may change accounts, and is no superuser."""
    account = Account.objects.create_user("clerk", PASSWORD, is_staff=True)
    rights = Permission.objects.filter(codename__in=["view_account", "change_account"])
    account.user_permissions.set(rights)
    return browser_of(account)


def test_rights_are_a_superusers_to_give(clerk, alice):
    rights = {"is_staff": "on", "is_superuser": "on"}
    assert change(clerk, "alice", title="Alice L.", **rights).status_code == 302
    alice.refresh_from_db()
    assert (alice.title, alice.is_staff, alice.is_superuser) == ("Alice L.", False, False)


@pytest.mark.parametrize("name", ["root", "clerk"])
def test_who_runs_the_chat_is_changed_by_superusers_alone(root, clerk, name, ended):
    assert clerk.get(f"{ACCOUNTS}{name}/change/").status_code == 200, "it may be looked at"
    assert change(clerk, name, title="Mine", is_superuser="on").status_code == 403
    new = "a horse of another colour"
    fields = {"password1": new, "password2": new}
    assert clerk.post(f"{ACCOUNTS}{name}/password/", fields).status_code == 403
    for action in ("suspend", "sign_out", "delete_for_good"):
        assert "only a superuser may" in text(act(clerk, action, name))
    account = Account.objects.get(name=name)
    assert account.check_password(PASSWORD)
    assert account.is_active and account.title == "" and account.deleted_at is None
    assert account.is_superuser == (name == "root")
    assert not ended["account"]


def test_suspend_and_resume_by_action(root, alice, bob, ended):
    act(root, "suspend", "alice", "bob")
    assert sorted(ended["account"]) == ["alice", "bob"]
    assert Account.objects.filter(is_active=False).count() == 2
    act(root, "resume", "alice")
    assert Account.objects.get(name="alice").is_active


def test_an_account_is_deleted_by_action_alone_and_its_row_stays(root, alice, ended):
    assert root.post(f"{ACCOUNTS}alice/delete/", {"post": "yes"}).status_code == 403
    act(root, "delete_selected", "alice")
    assert Account.objects.get(name="alice").deleted_at is None
    act(root, "delete_for_good", "alice")
    assert Account.objects.get(name="alice").deleted_at is not None


def test_an_admin_does_not_delete_themselves_by_an_action(root):
    assert "on the account page" in text(act(root, "delete_for_good", "root"))
    assert Account.objects.get(name="root").deleted_at is None


def test_a_deleted_account_stays_deleted(root, alice, ended):
    endings.delete(alice)
    change(root, "alice", title="Back", is_active="on")
    act(root, "resume", "alice")
    alice.refresh_from_db()
    assert not alice.is_active
    assert alice.title == ""


def test_a_token_can_be_revoked_not_seen(root, alice, ended):
    digest = digest_of(tokens.issue(alice, "kitchen"))
    pk = Token.objects.get().pk
    page = root.get(f"/admin/chat/token/{pk}/change/")
    assert "kitchen" in text(page)
    assert digest not in page.content.decode()
    assert root.get("/admin/chat/token/add/").status_code == 403
    root.post(f"/admin/chat/token/{pk}/delete/", {"post": "yes"})
    assert not Token.objects.exists()
    assert ended["token"] == [digest]


def test_tokens_chosen_together_are_revoked(root, alice, bob, ended):
    for account in (alice, bob):
        tokens.issue(account)
    chosen = list(Token.objects.values_list("pk", flat=True))
    root.post(
        "/admin/chat/token/",
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )
    assert not Token.objects.exists()
    assert len(ended["token"]) == 2


def test_an_invitations_code_is_not_shown(root, alice):
    code = invites.make(alice, uses=1, days=1).code
    assert f"/{quote(code)}/" in root.get("/admin/chat/invite/").content.decode(), "its address"
    assert code not in text(root.get("/admin/chat/invite/"))


def test_messages_are_seen_without_their_words_and_not_changed(root, message):
    listed = root.get("/admin/chat/message/")
    assert "dm:alice:bob" in text(listed)
    page = root.get(f"/admin/chat/message/{message.pk}/change/")
    assert page.status_code == 200
    assert "dm:alice:bob" in text(page)
    assert SECRET_BODY not in listed.content.decode() + page.content.decode()
    assert root.get("/admin/chat/message/add/").status_code == 403
    assert root.post(f"/admin/chat/message/{message.pk}/change/", {"seq": 9}).status_code == 403
    message.refresh_from_db()
    assert message.seq == 1


def test_one_is_signed_out_everywhere_and_the_others_are_not(root, browser_of, alice, bob, ended):
    hers, his = browser_of(alice), browser_of(bob)
    tokens.issue(alice)
    act(root, "sign_out", "alice")
    assert hers.get("/account/").status_code == 302
    assert his.get("/account/").status_code == 200
    assert not Token.objects.exists()
    assert ended["account"] == ["alice"]
    assert browser_of(alice).get("/account/").status_code == 200, "she may sign in again"


def test_what_is_not_shown_cannot_be_guessed_at_by_filters(root, message):
    for lookup in ("body__startswith", "client_id__startswith"):
        answer = root.get("/admin/chat/message/", {lookup: SECRET_BODY[:4]})
        assert answer.status_code in (302, 400)
    assert root.get("/admin/chat/message/", {"sender": "alice"}).status_code == 200
    assert root.get("/admin/chat/invite/", {"code__startswith": "a"}).status_code in (302, 400)
