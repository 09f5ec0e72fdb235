"""REGISTRATION: open to all, by invitation, closed."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat.accounts import endings, invites, registration
from chat.models import Invite
from chat.protocol import Conflict, Forbidden
from tests.chat.accounts.conftest import PASSWORD
from tests.chat.accounts.pages import error_of, field, text
from tests.people import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_invitation(settings):
    settings.REGISTRATION = "invite"


@pytest.fixture
def closed(settings):
    settings.REGISTRATION = "closed"


@pytest.fixture
def invite(alice) -> Invite:
    return invites.make(alice, uses=2, days=7)


def first(client, name: str, code: str = ""):
    return client.post("/join/", {"name": name, "password": PASSWORD, "invite": code})


def second(client, name: str, code: str = ""):
    return client.post("/join/", {"name": name, "confirm": PASSWORD, "invite": code})


def api(name: str, **fields):
    body = json.dumps({"username": name, "password": PASSWORD, **fields})
    return Client().post("/api/v1/accounts", body, content_type="application/json")


def names() -> set[str]:
    return set(people().values_list("name", flat=True))


# ---- closed -----------------------------------------------------------------------------------


def test_closed_makes_no_account(client, closed):
    response = first(client, "dora")
    assert response.status_code == 403
    assert "no account “dora”" in error_of(response, "name")
    assert "takes no new accounts" in error_of(response, "name")
    refusal = api("dora")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
    assert names() == set()


def test_closed_between_the_steps_makes_no_account(client, settings):
    first(client, "dora")
    settings.REGISTRATION = "closed"
    assert second(client, "dora").status_code == 403
    assert names() == set()


def test_closed_still_signs_in(client, closed, alice):
    assert "takes no new accounts" in text(client.get("/join/"))
    assert first(client, "alice").status_code == 302


def test_closed_takes_no_invitation(client, closed, invite):
    response = client.get(f"/invite/{invite.code}/")
    assert response.status_code == 403
    assert "takes no new accounts" in text(response)
    assert api("dora", invite=invite.code).status_code == 403


# ---- by invitation ----------------------------------------------------------------------------


def test_without_an_invitation_there_is_no_account(client, by_invitation):
    response = first(client, "dora")
    assert response.status_code == 403
    assert "ask a member for a link" in error_of(response, "name")
    assert api("dora").json()["code"] == "forbidden"
    assert names() == set()


def test_the_link_makes_an_account(client, by_invitation, invite):
    page = client.get(f"/invite/{invite.code}/")
    assert "Alice L. invites you" in text(page)
    code = field(page, "invite")["value"]
    step = first(client, "dora", code)
    assert field(step, "invite")["value"] == invite.code
    assert second(client, "dora", code).status_code == 302
    invite.refresh_from_db()
    assert invite.uses_left == 1
    assert names() == {"alice", "dora"}


def test_the_api_takes_the_code(by_invitation, invite):
    assert api("dora", invite=invite.code).status_code == 201
    assert api("emil", invite=invite.code).status_code == 201
    refusal = api("fritz", invite=invite.code)
    assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
    assert "used up" in refusal.json()["detail"]
    assert names() == {"alice", "dora", "emil"}


@pytest.mark.parametrize(
    "change",
    [
        {"uses_left": 0},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_a_link_used_up_or_expired_makes_none(client, by_invitation, invite, change):
    Invite.objects.update(**change)
    response = client.get(f"/invite/{invite.code}/")
    assert response.status_code == 403
    assert "used up, expired or withdrawn" in text(response)
    assert api("dora", invite=invite.code).status_code == 403
    assert names() == {"alice"}


@pytest.mark.parametrize("code", ["unknown", "x" * 1000, "a\0b", "é"])
def test_an_unknown_code_makes_none(client, by_invitation, code):
    assert api("dora", invite=code).status_code == 403
    assert client.get(f"/invite/{code}/").status_code == 403


@pytest.mark.parametrize("end", [endings.suspend, endings.delete])
def test_the_link_of_one_who_may_not_sign_in_makes_none(by_invitation, invite, end):
    end(invite.inviter)
    assert api("dora", invite=invite.code).status_code == 403


def test_a_taken_name_uses_nothing_up(by_invitation, invite, bob):
    assert api("bob", invite=invite.code).status_code == 409
    with pytest.raises(Conflict):
        registration.create("bob", "hash", code=invite.code)
    invite.refresh_from_db()
    assert invite.uses_left == 2


def test_the_last_use_goes_to_one(by_invitation, invite, monkeypatch):
    """Both have looked and found a use left; one takes it first."""
    Invite.objects.update(uses_left=1)
    monkeypatch.setattr(registration, "check_admitted", lambda code: None)
    registration.create("dora", "hash", code=invite.code)
    with pytest.raises(Forbidden):
        registration.create("emil", "hash", code=invite.code)
    assert names() == {"alice", "dora"}


def test_who_is_signed_in_needs_no_invitation(browser_of, by_invitation, invite):
    assert browser_of(invite.inviter).get(f"/invite/{invite.code}/")["Location"] == "/"


def test_signing_in_by_the_link_uses_nothing_up(client, by_invitation, invite, bob):
    assert first(client, "bob", invite.code).status_code == 302
    invite.refresh_from_db()
    assert invite.uses_left == 2


# ---- open -------------------------------------------------------------------------------------


def test_open_needs_no_invitation_and_uses_none_up(client, invite):
    assert client.get(f"/invite/{invite.code}/").status_code == 200
    assert api("dora", invite=invite.code).status_code == 201
    assert api("emil").status_code == 201
    invite.refresh_from_db()
    assert invite.uses_left == 2
