"""The one form: a free name makes an account in two steps, a taken one signs in."""

import time

import pytest
from django.contrib.auth import get_user
from django.test import Client

from chat.accounts import endings, pending
from chat.models import Account
from tests.chat.accounts.conftest import PASSWORD
from tests.chat.accounts.pages import error_of, field, has_field, text

pytestmark = pytest.mark.django_db


def first(client: Client, name: str, password: str = PASSWORD, **fields: str):
    return client.post("/join/", {"name": name, "password": password, **fields})


def second(client: Client, name: str, confirm: str = PASSWORD, **fields: str):
    return client.post("/join/", {"name": name, "confirm": confirm, **fields})


def signed_in_as(client: Client) -> str:
    return get_user(client).get_username()


# ---- a taken name -----------------------------------------------------------------------------


def test_a_known_name_and_its_password_sign_in(client, alice):
    response = first(client, "alice")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in_as(client) == "alice"


def test_names_are_compared_without_case_and_spaces(client, alice):
    assert first(client, "  ALICE ").status_code == 302
    assert signed_in_as(client) == "alice"


def test_a_wrong_password_is_said_at_the_password(client, alice):
    response = first(client, "alice", "wrong")
    assert response.status_code == 401
    assert "not the password of “alice”" in error_of(response, "password")
    assert field(response, "name")["value"] == "alice"
    assert "autofocus" in field(response, "password")
    assert signed_in_as(client) == ""


def test_the_password_is_never_in_the_page(client, alice):
    secret = "typed-wrongly-9137"
    for response in (first(client, "alice", secret), first(client, "new", secret)):
        assert secret not in response.content.decode()
        assert "no-store" in response["Cache-Control"]


def test_a_suspended_person_learns_why_with_the_right_password_alone(client, alice):
    endings.suspend(alice)
    response = first(client, "alice")
    assert response.status_code == 403
    assert "suspended" in error_of(response, "name")
    assert first(client, "alice", "wrong").status_code == 401


def test_signing_in_ends_the_session_that_was_there(client, alice, ended):
    first(client, "somebody-new")
    before = client.session.session_key
    first(client, "alice")
    assert before in ended["session"]
    assert client.session.session_key != before


def test_it_goes_on_to_where_the_person_wanted(client, alice):
    page = client.get("/join/?next=/account/")
    assert field(page, "next")["value"] == "/account/"
    assert first(client, "alice", next="/account/")["Location"] == "/account/"


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_goes_on_to_no_other_server(client, alice, next):
    assert first(client, "alice", next=next)["Location"] == "/"


def test_who_is_signed_in_is_taken_to_the_chat(browser_of, alice):
    assert browser_of(alice).get("/join/")["Location"] == "/"


def test_a_form_without_its_csrf_token_is_refused(alice):
    browser = Client(enforce_csrf_checks=True)
    response = first(browser, "alice")
    assert response.status_code == 403
    assert "out of date" in text(response)
    assert signed_in_as(browser) == ""


# ---- a free name ------------------------------------------------------------------------------


def test_a_free_name_is_asked_for_the_password_again(client):
    response = first(client, "dora")
    assert response.status_code == 200
    assert field(response, "name")["value"] == "dora"
    assert field(response, "confirm")["autocomplete"] == "new-password"
    assert "autofocus" in field(response, "confirm")
    assert has_field(response, "title")
    assert not has_field(response, "password")
    assert not Account.objects.filter(name="dora").exists()


def test_the_second_step_makes_the_account_and_signs_in(client):
    first(client, "Dora")
    response = second(client, "dora", title="  Dora 🌻 ")
    assert (response.status_code, response["Location"]) == (302, "/")
    account = Account.objects.get(name="dora")
    assert (account.title, account.kind) == ("Dora 🌻", "person")
    assert account.check_password(PASSWORD)
    assert not account.is_staff
    assert signed_in_as(client) == "dora"
    assert "new_account" not in client.session
    assert client.session.get_expiry_age() > 24 * 3600


def test_another_password_the_second_time_starts_over(client):
    first(client, "dora")
    response = second(client, "dora", "something else 9")
    assert response.status_code == 400
    assert "not the same" in error_of(response, "password")
    assert field(response, "name")["value"] == "dora"
    assert second(client, "dora").status_code == 400, "what the first step said is forgotten"
    assert not Account.objects.filter(name="dora").exists()


def test_the_second_step_is_good_for_the_name_of_the_first_alone(client):
    first(client, "dora")
    assert second(client, "emil").status_code == 400
    assert not Account.objects.filter(name="emil").exists()


def test_the_second_step_is_good_for_ten_minutes(client, monkeypatch):
    first(client, "dora")
    later = time.time() + pending.SECONDS + 1
    monkeypatch.setattr(pending.time, "time", lambda: later)
    response = second(client, "dora")
    assert response.status_code == 400
    assert "too long" in error_of(response, "password")


def test_the_second_step_of_another_browser_is_refused(client):
    first(client, "dora")
    assert second(Client(), "dora").status_code == 400


def test_the_session_between_the_steps_holds_no_password(client):
    first(client, "dora")
    assert PASSWORD not in str(dict(client.session))
    assert client.session.get_expiry_age() <= pending.SECONDS


def test_a_name_that_went_to_someone_else_meanwhile(client):
    first(client, "dora")
    Account.objects.create_user("dora", "another password 1")
    response = second(client, "dora")
    assert response.status_code == 409
    assert "taken" in error_of(response, "name")
    assert signed_in_as(client) == ""


def test_a_bad_display_name_is_said_and_the_confirmation_kept(client):
    first(client, "dora")
    for title, wrong in (("x" * 41, "40"), ("a\u202eb", "control"), ("a\x07b", "control")):
        response = second(client, "dora", title=title)
        assert response.status_code == 400
        assert wrong in error_of(response, "title")
    assert second(client, "dora", title="Dora").status_code == 302


def test_a_display_name_much_like_the_password_is_refused(client):
    first(client, "dora")
    response = second(client, "dora", title=PASSWORD)
    assert response.status_code == 400
    assert "too similar" in error_of(response, "title")


# ---- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", " ", "-dora", "dora!", "do ra", "dörte", "x" * 33, "a\0b"])
def test_what_is_no_name_is_told_what_one_is(client, name):
    response = first(client, name)
    assert response.status_code == 400
    assert error_of(response, "name")


@pytest.mark.parametrize("name", ["openai", "Thermometer1", "SYSTEM"])
def test_reserved_names_are_refused_with_the_reason(client, name):
    response = first(client, name)
    assert response.status_code == 400
    assert "reserved" in error_of(response, "name")


@pytest.mark.parametrize(
    ("password", "wrong"),
    [
        ("", "Type the password"),
        ("short", "at least 8"),
        ("password123", "too common"),
        ("8264019375", "entirely numeric"),
        ("dora.dora", "too similar"),
        ("x" * 1001, "at most 1000"),
    ],
)
def test_the_password_of_a_new_account_is_checked(client, password, wrong):
    response = first(client, "dora.dora", password)
    assert response.status_code == 400
    assert wrong in error_of(response, "password")
    assert "new_account" not in client.session


def test_a_deleted_accounts_name_is_never_given_out_again(client, alice):
    endings.delete(alice)
    response = first(client, "alice")
    assert response.status_code == 409
    assert "no longer available" in error_of(response, "name")


# ---- the page ---------------------------------------------------------------------------------


def test_the_page_tells_password_managers_what_is_what(client):
    page = client.get("/join/")
    assert field(page, "name")["autocomplete"] == "username"
    assert field(page, "password")["autocomplete"] == "current-password"
    assert "autofocus" in field(page, "name")
    assert "Join chat" in text(page)


def test_other_methods_are_refused(client):
    assert client.put("/join/").status_code == 405
    assert client.get("/leave/").status_code == 405


def test_leaving_signs_out_and_ends_the_sessions_sockets(browser_of, alice, ended):
    browser = browser_of(alice)
    key = browser.session.session_key
    assert browser.post("/leave/")["Location"] == "/join/"
    assert ended["session"] == [key]
    assert signed_in_as(browser) == ""
    assert browser.get("/account/").status_code == 302


def test_leaving_twice_does_no_harm(client, ended):
    assert client.post("/leave/").status_code == 302
    assert ended["session"] == []


def test_a_name_mistyped_before_does_not_shorten_the_session(client, alice):
    first(client, "alicia")
    first(client, "alice")
    assert signed_in_as(client) == "alice"
    assert client.session.get_expiry_age() > 24 * 3600
