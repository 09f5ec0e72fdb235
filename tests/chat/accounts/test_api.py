"""`POST /api/v1/accounts` and `/tokens`: what they answer, and every refusal."""

import json

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import OperationalError
from django.test import Client

from chat.accounts import endings, registration, signin, tokens
from chat.accounts.views import api
from chat.models import Account, Token
from chat.models.token import digest_of
from tests.chat.accounts.conftest import PASSWORD
from tests.people import people

pytestmark = pytest.mark.django_db
ACCOUNTS, TOKENS = "/api/v1/accounts", "/api/v1/tokens"


def post(path: str, body=None, **fields):
    """Post `fields` as JSON, or `body` as it is."""
    data = json.dumps(fields) if body is None else body
    return Client(enforce_csrf_checks=True).post(path, data, content_type="application/json")


def refused(response, status: int, code: str) -> str:
    """Check the refusal's status, code and form; gives its detail."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    answer = response.json()
    assert set(answer) == {"code", "detail"}
    assert answer["code"] == code
    return answer["detail"]


# ---- what works -------------------------------------------------------------------------------


def test_it_makes_an_account_and_a_token():
    response = post(ACCOUNTS, username="Dora", password=PASSWORD)
    assert response.status_code == 201
    answer = response.json()
    assert set(answer) == {"username", "token"}
    assert answer["username"] == "dora"
    assert Token.objects.get(digest=digest_of(answer["token"])).account_id == "dora"
    assert Account.objects.get(name="dora").check_password(PASSWORD)


def test_it_signs_in(alice):
    response = post(TOKENS, username=" ALICE", password=PASSWORD)
    assert response.status_code == 201
    assert response.json()["username"] == "alice"
    assert Token.objects.get(digest=digest_of(response.json()["token"])).account == alice


def test_the_token_itself_is_not_stored(alice):
    token = post(TOKENS, username="alice", password=PASSWORD).json()["token"]
    assert token not in str(list(Token.objects.values()))


def test_no_cookie_is_set_and_nothing_is_cached(alice):
    response = post(TOKENS, username="alice", password=PASSWORD)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


# ---- 400 --------------------------------------------------------------------------------------

GOOD = {"username": "dora", "password": PASSWORD}


@pytest.mark.parametrize("path", [ACCOUNTS, TOKENS])
@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (" ", "one JSON object"),
        ("{", "one JSON object"),
        (b"\xff\xfe", "one JSON object"),
        ('{"username":"dora","password":"\\ud800 half a pair"}', "one JSON object"),
        ("[]", "object"),
        ("null", "object"),
        ('"dora"', "object"),
        ("[" * 4000, "object"),
        (json.dumps({"username": "dora"}), "password"),
        (json.dumps({"password": PASSWORD}), "username"),
        (json.dumps({**GOOD, "username": 7}), "username"),
        (json.dumps({**GOOD, "password": None}), "password"),
        (json.dumps({**GOOD, "admin": True}), "admin"),
        (json.dumps({**GOOD, "username": ""}), "username"),
        (json.dumps({**GOOD, "username": "do ra"}), "username"),
        (json.dumps({**GOOD, "username": "x" * 33}), "username"),
        (json.dumps({**GOOD, "username": "do\0ra"}), "username"),
        (json.dumps({**GOOD, "password": ""}), "password"),
        (json.dumps({**GOOD, "password": "with\0nul and more"}), "password"),
        (json.dumps({**GOOD, "password": "x" * 1001}), "password"),
        (json.dumps({**GOOD, "password": "x" * 9000}), "8192 bytes"),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(path, body, detail):
    assert detail in refused(post(path, body), 400, "invalid")
    assert not people().exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_refused(client, kind):
    response = client.generic("POST", ACCOUNTS, json.dumps(GOOD), content_type=kind)
    assert "application/json" in refused(response, 400, "invalid")


def test_a_charset_is_allowed(client):
    response = client.post(ACCOUNTS, json.dumps(GOOD), "application/json; charset=utf-8")
    assert response.status_code == 201


@pytest.mark.parametrize("name", ["openai", "THERMOMETER1", "system"])
def test_reserved_names_are_refused_with_the_reason(name):
    detail = refused(post(ACCOUNTS, username=name, password=PASSWORD), 400, "invalid")
    assert "reserved" in detail
    assert "username" in detail


@pytest.mark.parametrize(
    ("password", "wrong"),
    [("short", "8"), ("password123", "common"), ("8264019375", "numeric"), ("dora.dora", "simil")],
)
def test_the_password_of_a_new_account_is_checked(password, wrong):
    detail = refused(post(ACCOUNTS, username="dora.dora", password=password), 400, "invalid")
    assert "password" in detail
    assert wrong in detail


# ---- 401, 403, 405, 409, 503 ------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(alice):
    wrong = refused(post(TOKENS, username="alice", password="wrong"), 401, "unauthenticated")
    unknown = refused(post(TOKENS, username="nobody", password="wrong"), 401, "unauthenticated")
    assert wrong == unknown
    assert not Token.objects.exists()


def test_an_unknown_name_costs_a_hash_as_a_known_one_does(alice, monkeypatch):
    """So the time of the answer does not tell which names exist."""
    hashed = []

    class Counting(MD5PasswordHasher):
        def encode(self, password, salt):
            hashed.append(salt)
            return super().encode(password, salt)

    monkeypatch.setattr("django.contrib.auth.hashers.get_hasher", lambda *_: Counting())
    monkeypatch.setattr("django.contrib.auth.hashers.identify_hasher", lambda *_: Counting())
    counts = []
    for name in ("alice", "nobody"):
        hashed.clear()
        post(TOKENS, username=name, password="wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_a_deleted_account_is_told_so(alice):
    endings.delete(alice)
    detail = refused(post(TOKENS, username="alice", password=PASSWORD), 401, "unauthenticated")
    assert "no longer available" in detail


def test_a_suspended_account_gets_no_token(alice):
    endings.suspend(alice)
    refused(post(TOKENS, username="alice", password=PASSWORD), 403, "forbidden")
    refused(post(TOKENS, username="alice", password="wrong"), 401, "unauthenticated")
    assert not Token.objects.exists()


def test_an_account_has_at_most_100_tokens(alice, monkeypatch):
    monkeypatch.setattr(tokens, "TOKENS_MAX", 2)
    for _ in range(2):
        assert post(TOKENS, username="alice", password=PASSWORD).status_code == 201
    detail = refused(post(TOKENS, username="alice", password=PASSWORD), 403, "forbidden")
    assert "account page" in detail


@pytest.mark.parametrize(("path", "allowed"), [(ACCOUNTS, "POST"), (TOKENS, "GET, POST")])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(client, path, allowed, method):
    response = client.generic(method, path)
    assert "POST" in refused(response, 405, "invalid")
    assert response["Allow"] == allowed


@pytest.mark.parametrize("name", ["alice", "ALICE", " Alice "])
def test_a_taken_name_is_a_conflict(alice, name):
    refused(post(ACCOUNTS, username=name, password="another password 1"), 409, "conflict")
    assert people().get().check_password(PASSWORD)


def test_a_deleted_accounts_name_is_a_conflict(alice):
    endings.delete(alice)
    detail = refused(post(ACCOUNTS, username="alice", password=PASSWORD), 409, "conflict")
    assert "no longer available" in detail


def test_a_name_taken_between_the_look_and_the_insert_is_a_conflict(monkeypatch):
    """The rival commits while this one's password is hashed."""
    hash_slowly = api.make_password

    def meanwhile(password):
        Account.objects.create_user("dora", "the rival's own 1")
        return hash_slowly(password)

    monkeypatch.setattr(api, "make_password", meanwhile)
    refused(post(ACCOUNTS, username="dora", password=PASSWORD), 409, "conflict")
    assert people().get().check_password("the rival's own 1")
    assert not Token.objects.exists()


def test_a_password_changed_during_the_sign_in_gives_no_token(alice, monkeypatch):
    """A token must not outlive the password that it was given for."""
    verify = signin.verify

    def meanwhile(request, name, password):
        account = verify(request, name, password)
        endings.change_password(Account.objects.get(name="alice"), "quite another 22")
        return account

    monkeypatch.setattr(signin, "verify", meanwhile)
    refused(post(TOKENS, username="alice", password=PASSWORD), 401, "unauthenticated")
    assert not Token.objects.exists()


def test_a_store_that_fails_is_unavailable(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(registration, "create", fail)
    detail = refused(post(ACCOUNTS, **GOOD), 503, "unavailable")
    assert "disk" not in detail
