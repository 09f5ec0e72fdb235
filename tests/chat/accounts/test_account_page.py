"""`/account/`: what a person sees and changes there, and what is nobody else's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat.accounts import invites, tokens
from chat.models import Account, Invite, Token
from chat.models.token import digest_of
from tests.chat.accounts.conftest import PASSWORD
from tests.chat.accounts.pages import error_of, field, has_field, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ended", "committing")]
NEW = "a horse of another colour"


@pytest.fixture
def browser(browser_of, alice) -> Client:
    return browser_of(alice)


# ---- who may see it ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/title/",
        "/account/password/",
        "/account/tokens/",
        "/account/tokens/1/revoke/",
        "/account/invites/",
        "/account/invites/withdraw/",
        "/account/delete/",
    ],
)
def test_who_is_not_signed_in_is_sent_to_join(client, path):
    response = client.post(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/join/?next=")


def test_changes_need_a_post_with_the_csrf_token(browser_of, alice, browser):
    assert browser.get("/account/title/").status_code == 405
    assert browser.get("/account/delete/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/account/title/", {"title": "x"}).status_code == 403


def test_the_page_is_not_cached_and_costs_few_queries(browser, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = browser.get("/account/")
    assert "no-store" in page["Cache-Control"]
    assert "signed in as alice" in text(page)


# ---- display name -----------------------------------------------------------------------------


def test_the_display_name_can_be_changed(browser, alice):
    page = browser.post("/account/title/", {"title": " Älice 🌻 "}, follow=True)
    alice.refresh_from_db()
    assert alice.title == "Älice 🌻"
    assert "Others now see you as Älice 🌻." in text(page)
    assert field(page, "title")["value"] == "Älice 🌻"


def test_the_display_name_can_be_taken_away(browser, alice):
    browser.post("/account/title/", {"title": ""})
    alice.refresh_from_db()
    assert alice.shown_title == "alice"


@pytest.mark.parametrize("title", ["x" * 41, "a\nb", "a\x1bb", "a\u2028b", "a\u202eb"])
def test_a_bad_display_name_is_refused(browser, alice, title):
    response = browser.post("/account/title/", {"title": title})
    assert response.status_code == 400
    assert error_of(response, "title")
    alice.refresh_from_db()
    assert alice.title == "Alice L."


def test_what_is_typed_stays_text(browser):
    browser.post("/account/title/", {"title": "<script>alert(1)</script>"})
    assert b"<script>alert" not in browser.get("/account/").content


# ---- password ---------------------------------------------------------------------------------


def change(browser, old: str = PASSWORD, new: str = NEW, again: str | None = None):
    fields = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return browser.post("/account/password/", fields)


def test_a_new_password_ends_all_but_this_session(browser, browser_of, alice, ended):
    elsewhere = browser_of(alice)
    tokens.issue(alice, "kitchen")
    assert change(browser)["Location"] == "/account/"
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert browser.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert not Token.objects.exists()
    assert ended["account"] == ["alice"]


@pytest.mark.parametrize(
    ("wrong", "at", "said"),
    [
        ({"old": "wrong"}, "old_password", "not your password"),
        ({"new": "short"}, "new_password1", "at least 8"),
        ({"new": "alice.l."}, "new_password1", "too similar"),
        ({"again": "something else 9"}, "new_password2", "not the same"),
        ({"new": ""}, "new_password1", "Type the password"),
    ],
)
def test_a_password_is_not_changed_by_mistake(browser, alice, ended, wrong, at, said):
    tokens.issue(alice)
    response = change(browser, **wrong)
    assert response.status_code == 400
    assert said in error_of(response, at)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert Token.objects.count() == 1
    assert not ended["account"]


@pytest.fixture
def costlier_hashes(settings):
    """From now on the passwords that are stored by MD5 are hashed anew when they are checked."""
    hashers = "django.contrib.auth.hashers"
    settings.PASSWORD_HASHERS = [
        f"{hashers}.ScryptPasswordHasher",
        f"{hashers}.MD5PasswordHasher",
    ]


@pytest.mark.usefixtures("costlier_hashes")
def test_a_password_hashed_anew_signs_nobody_out(browser, alice):
    assert change(browser, new="short").status_code == 400
    alice.refresh_from_db()
    assert alice.password.startswith("scrypt")
    assert browser.get("/account/").status_code == 200
    assert change(browser).status_code == 302
    assert browser.get("/account/").status_code == 200


@pytest.mark.usefixtures("costlier_hashes")
def test_a_password_hashed_anew_deletes_the_account(browser, alice):
    assert browser.post("/account/delete/", {"password": PASSWORD})["Location"] == "/join/"
    alice.refresh_from_db()
    assert alice.deleted_at is not None


# ---- tokens -----------------------------------------------------------------------------------


def test_a_token_is_made_and_shown_once(browser, alice):
    page = browser.post("/account/tokens/", {"label": "kitchen display"})
    (shown,) = [
        value
        for value in page.content.decode().split('"')
        if len(value) == 43 and Token.objects.filter(digest=digest_of(value))
    ]
    assert "no-store" in page["Cache-Control"]
    later = browser.get("/account/")
    assert "kitchen display" in text(later)
    assert shown not in later.content.decode()


@pytest.mark.parametrize("label", ["", "x" * 101, "a\nb"])
def test_a_token_needs_a_label_of_one_line(browser, label):
    response = browser.post("/account/tokens/", {"label": label})
    assert response.status_code == 400
    assert error_of(response, "label")
    assert not Token.objects.exists()


def test_there_are_at_most_100_tokens(browser, alice, monkeypatch):
    monkeypatch.setattr(tokens, "TOKENS_MAX", 1)
    tokens.issue(alice)
    response = browser.post("/account/tokens/", {"label": "one too many"})
    assert response.status_code == 403
    assert "Revoke some" in error_of(response, "label")


def test_a_token_can_be_revoked(browser, alice, ended):
    digest = digest_of(tokens.issue(alice, "kitchen"))
    token = Token.objects.get()
    page = browser.post(f"/account/tokens/{token.pk}/revoke/", follow=True)
    assert "The token is revoked" in text(page)
    assert not Token.objects.exists()
    assert ended["token"] == [digest]


def test_nobody_elses_token_is_seen_or_revoked(browser, charlie, ended):
    tokens.issue(charlie, "charlie's own")
    token = Token.objects.get()
    assert "charlie" not in text(browser.get("/account/"))
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Token.objects.exists()
    assert not ended["token"]


# ---- invitations ------------------------------------------------------------------------------


@pytest.fixture
def by_invitation(settings):
    settings.REGISTRATION = "invite"


@pytest.mark.usefixtures("by_invitation")
class TestInvitations:
    def test_a_link_is_made_and_listed(self, browser, alice):
        page = browser.post("/account/invites/", {"uses": 3, "days": 2}, follow=True)
        invite = Invite.objects.get()
        assert (invite.inviter, invite.uses_left) == (alice, 3)
        left = invite.expires_at - timezone.now()
        assert timedelta(days=1, hours=23) < left <= timedelta(days=2)
        assert f"http://testserver/invite/{invite.code}/" in page.content.decode()
        assert "For 3 more people" in text(page)

    @pytest.mark.parametrize(
        ("uses", "days", "at"),
        [(0, 1, "uses"), (51, 1, "uses"), ("", 1, "uses"), (1, 0, "days"), (1, 31, "days")],
    )
    def test_uses_and_days_have_limits(self, browser, uses, days, at):
        response = browser.post("/account/invites/", {"uses": uses, "days": days})
        assert response.status_code == 400
        assert error_of(response, at)
        assert not Invite.objects.exists()

    def test_a_link_can_be_withdrawn(self, browser, alice):
        code = invites.make(alice, uses=1, days=1).code
        browser.post("/account/invites/withdraw/", {"code": code})
        assert not Invite.objects.exists()

    def test_nobody_elses_link_is_seen_or_withdrawn(self, browser, charlie):
        code = invites.make(charlie, uses=1, days=1).code
        assert code not in browser.get("/account/").content.decode()
        assert browser.post("/account/invites/withdraw/", {"code": code}).status_code == 404
        assert Invite.objects.exists()

    def test_there_are_at_most_20_live_links(self, browser, alice):
        dead = invites.make(alice, uses=1, days=1)
        Invite.objects.update(uses_left=0)
        for _ in range(invites.LIVE_MAX):
            invites.make(alice, uses=1, days=1)
        assert not Invite.objects.filter(pk=dead.pk).exists(), "dead ones are cleared away"
        response = browser.post("/account/invites/", {"uses": 1, "days": 1})
        assert response.status_code == 403
        assert "Withdraw one first" in text(response)


@pytest.mark.parametrize("mode", ["open", "closed"])
def test_without_registration_by_invitation_there_are_no_links(browser, settings, mode):
    settings.REGISTRATION = mode
    assert not has_field(browser.get("/account/"), "uses")
    assert browser.post("/account/invites/", {"uses": 1, "days": 1}).status_code == 404


# ---- the end ----------------------------------------------------------------------------------


def test_deleting_needs_the_password(browser, alice):
    response = browser.post("/account/delete/", {"password": "wrong"})
    assert response.status_code == 400
    assert "not your password" in error_of(response, "password")
    alice.refresh_from_db()
    assert alice.deleted_at is None


def test_deleting_ends_everything_but_the_name(browser, browser_of, alice, ended):
    elsewhere = browser_of(alice)
    tokens.issue(alice)
    invites.make(alice, uses=1, days=1)
    page = browser.post("/account/delete/", {"password": PASSWORD}, follow=True)
    assert "Your account is deleted" in text(page)
    account = Account.objects.get(name="alice")
    assert account.deleted_at is not None
    assert account.shown_title == "Deleted account"
    assert account.title == ""
    assert not account.is_active
    assert not account.has_usable_password()
    assert not Token.objects.exists()
    assert not Invite.objects.exists()
    assert ended["account"] == ["alice"]
    assert elsewhere.get("/account/").status_code == 302
    assert browser.get("/account/").status_code == 302
