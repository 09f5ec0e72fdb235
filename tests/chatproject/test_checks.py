"""The system checks: quiet where all is well, an id and a way out where not."""

import pytest
from django.db import connection

from chatproject import checks


def ids(messages):
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_a_private_data_folder_is_fine(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    assert checks.data_folder_is_private() == []


def test_a_data_folder_open_to_others(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o750)
    assert ids(checks.data_folder_is_private()) == ["chatproject.W001"]


@pytest.mark.parametrize(
    ("hosts", "expected"), [(["localhost"], []), (["*"], ["chatproject.W002"])]
)
def test_all_hosts(settings, hosts, expected):
    settings.ALLOWED_HOSTS = hosts
    assert ids(checks.hosts_are_named()) == expected


@pytest.mark.parametrize(
    ("https", "proxies", "expected"),
    [(False, [], []), (True, ["127.0.0.1"], []), (True, [], ["chatproject.W003"])],
)
def test_https_without_a_proxy(settings, https, proxies, expected):
    settings.HTTPS, settings.TRUSTED_PROXIES = https, proxies
    assert ids(checks.https_comes_through_a_proxy()) == expected


@pytest.mark.parametrize(
    ("pragmas", "expected"),
    [
        ([], []),
        (["PRAGMA synchronous=NORMAL"], ["chatproject.E001"]),
        (["PRAGMA journal_mode=DELETE"], ["chatproject.E001"]),
    ],
)
def test_a_database_that_could_forget(tmp_path, pragmas, expected, monkeypatch, django_db_blocker):
    other = connection.copy()
    other.settings_dict = {**connection.settings_dict, "NAME": tmp_path / "a.sqlite3"}
    monkeypatch.setattr(checks, "connections", {"default": other})
    with django_db_blocker.unblock():
        other.connect()
        for pragma in pragmas:
            other.connection.execute(pragma)
        try:
            assert ids(checks.sqlite_commits_are_durable(databases=["default"])) == expected
        finally:
            other.connection.close()
