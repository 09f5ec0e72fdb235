"""Wrong passwords are counted by name and address, new accounts by address."""

import json
import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from chat.accounts import throttle
from chat.accounts.throttle import address_of
from chat.limits import TokenBuckets
from chat.models import Account
from tests.chat.accounts.conftest import PASSWORD
from tests.chat.accounts.pages import error_of, text

pytestmark = pytest.mark.django_db
LIMIT = settings.AXES_FAILURE_LIMIT
COOL_OFF = settings.AXES_COOLOFF_TIME
BURST = 5
"""New accounts at once; the chat allows for many more."""


def api(name: str, password: str, address: str = "192.0.2.1", **headers: str):
    body = json.dumps({"username": name, "password": password})
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/tokens", body, content_type="application/json", headers=headers
    )


def form(name: str, password: str, address: str = "192.0.2.1"):
    return Client(REMOTE_ADDR=address).post("/join/", {"name": name, "password": password})


def admin(name: str, password: str, address: str = "192.0.2.1"):
    return Client(REMOTE_ADDR=address).post(
        "/admin/login/", {"username": name, "password": password}
    )


WAYS = pytest.mark.parametrize("way", [api, form, admin])


def lock(way=api, name: str = "alice", **options: str):
    """Wrong passwords until the lock closes; gives the last answer."""
    for _ in range(LIMIT - 1):
        assert way(name, "wrong", **options).status_code != 429
    return way(name, "wrong", **options)


@WAYS
def test_after_five_wrong_passwords_the_right_one_is_refused_too(alice, way):
    assert lock(way).status_code == 429
    response = way("alice", PASSWORD)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= COOL_OFF.total_seconds()


def test_the_api_says_rate_limited(alice):
    answer = lock().json()
    assert answer["code"] == "rate_limited"
    assert set(answer) == {"code", "detail"}
    assert "5 minutes" in answer["detail"]


@pytest.mark.parametrize("way", [form, admin])
def test_the_pages_say_when_to_try_again(alice, way):
    assert "Try again in 5 minutes." in text(lock(way))


@pytest.mark.parametrize("other", [api, form, admin])
@WAYS
def test_all_ways_in_share_one_count(alice, way, other):
    lock(way)
    assert other("alice", PASSWORD).status_code == 429


def test_the_case_of_the_name_makes_no_new_count(alice):
    for name in ("alice", "Alice", "ALICE", " alice", "aLICE"):
        response = api(name, "wrong")
    assert response.status_code == 429


def test_alice_is_not_locked_out_elsewhere(alice):
    lock(address="192.0.2.1")
    assert api("alice", PASSWORD, address="192.0.2.2").status_code == 201


def test_others_at_the_same_address_are_not_locked_out(alice, bob):
    lock()
    assert api("bob", PASSWORD).status_code == 201


def test_the_browser_makes_no_new_count(alice):
    for number in range(LIMIT):
        response = api("alice", "wrong", **{"user-agent": f"browser {number}"})
    assert response.status_code == 429


def test_a_forged_header_makes_no_new_count(alice):
    for number in range(LIMIT):
        response = api("alice", "wrong", **{"x-forwarded-for": f"198.51.100.{number}"})
    assert response.status_code == 429


@pytest.mark.parametrize("way", [api, form])
def test_a_right_password_wipes_out_the_wrong_ones(alice, way):
    for _ in range(LIMIT - 1):
        way("alice", "wrong")
    way("alice", PASSWORD)
    assert not AccessAttempt.objects.exists()


def test_the_lock_opens_by_itself_and_is_not_prolonged(alice):
    lock()
    locked_at = AccessAttempt.objects.get().attempt_time
    assert api("alice", "wrong").status_code == 429
    assert AccessAttempt.objects.get().attempt_time == locked_at
    AccessAttempt.objects.update(attempt_time=timezone.now() - COOL_OFF - timedelta(seconds=1))
    assert api("alice", PASSWORD).status_code == 201


def test_a_lock_opens_for_the_password_of_the_account_page_too(alice, browser_of):
    browser = browser_of(alice)
    for _ in range(LIMIT):
        response = browser.post("/account/delete/", {"password": "wrong"})
    assert response.status_code == 429
    assert "Too many wrong passwords" in error_of(response, "password")
    assert browser.post("/account/delete/", {"password": PASSWORD}).status_code == 429
    assert Account.objects.get(name="alice").deleted_at is None


# ---- what is kept and logged ------------------------------------------------------------------


def test_nothing_that_was_typed_is_kept(alice, browser_of):
    secret = "typed-wrongly-4711"
    form("alice", secret)
    api("alice", secret)
    admin("alice", secret)
    browser_of(alice).post(
        "/account/password/",
        {"old_password": secret, "new_password1": secret + "b", "new_password2": secret + "b"},
    )
    kept = list(AccessAttempt.objects.values())
    assert sum(row["failures_since_start"] for row in kept) == 4
    assert secret not in str(kept)
    assert {row["post_data"] for row in kept} == {row["get_data"] for row in kept} == {""}


def test_no_log_line_holds_a_name_or_a_password(alice, caplog):
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="axes"):
        lock()
        form("alice", "wrong")
    assert "AXES" in caplog.text
    assert "wrong" not in caplog.text.replace("wrong passwords", "")
    assert "alice" not in caplog.text


def test_a_sign_in_leaves_no_row_behind(alice, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        form("alice", PASSWORD)
    assert not AccessAttempt.objects.exists()
    from axes.models import AccessLog

    assert not AccessLog.objects.exists()


# ---- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", None),
        ("unknown", None),
    ],
)
def test_the_address_is_the_servers_word(remote, address):
    request = RequestFactory().get(
        "/", REMOTE_ADDR=remote, headers={"x-forwarded-for": "198.51.100.9"}
    )
    assert address_of(request) == address


def test_without_an_address_names_are_throttled_alone(alice, bob):
    lock(address="")
    assert api("alice", PASSWORD, address="").status_code == 429
    assert api("bob", PASSWORD, address="").status_code == 201


# ---- new accounts -----------------------------------------------------------------------------


def new(number: int, address: str = "192.0.2.1"):
    body = json.dumps({"username": f"dora{number}", "password": PASSWORD})
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/accounts", body, content_type="application/json"
    )


@pytest.fixture
def stopped_clock(monkeypatch):
    """Buckets whose time stands still until it is told to go on."""
    now = [0.0]
    buckets = TokenBuckets(throttle.NEW_ACCOUNTS_PER_SECOND, BURST, lambda: now[0])
    monkeypatch.setattr(throttle, "_new_accounts", buckets)
    return now


def test_new_accounts_are_limited_by_address(stopped_clock):
    for number in range(BURST):
        assert new(number).status_code == 201
    response = new(1000)
    assert response.status_code == 429
    assert response.json()["code"] == "rate_limited"
    assert response["Retry-After"] == "1"
    assert new(1001, address="192.0.2.2").status_code == 201
    stopped_clock[0] += 1
    assert new(1002).status_code == 201
    assert new(1003).status_code == 429


def test_the_form_shares_that_limit_and_says_so(stopped_clock):
    for number in range(BURST):
        new(number)
    response = form("emil", PASSWORD)
    assert response.status_code == 429
    assert response["Retry-After"] == "1"
    assert "Too many new accounts" in text(response)
    stopped_clock[0] += 1
    assert form("emil", PASSWORD).status_code == 200


def test_what_makes_no_account_counts_for_nothing(stopped_clock, alice):
    for _ in range(BURST + 1):
        body = json.dumps({"username": "alice", "password": PASSWORD})
        response = Client().post("/api/v1/accounts", body, content_type="application/json")
        assert response.status_code == 409
