"""Both databases are brought up to date (test_migrating.py), or refused in one line."""

import sqlite3

from tests.chatproject.programs import assert_refused, manage


def serve(folder):
    return manage("serve", "--port", "0", data_dir=folder)


def tables(file):
    with sqlite3.connect(file) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


def test_migrate_can_be_given_one(tmp_path):
    assert manage("migrate", "-v0", "--database", "messages", data_dir=tmp_path).returncode == 0
    assert "chat_message" in tables(tmp_path / "messages.sqlite3")
    assert "chat_account" not in tables(tmp_path / "chat.sqlite3")


def test_a_database_of_a_later_version_is_refused(folder):
    file = "messages.sqlite3"
    with sqlite3.connect(folder / file) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('chat', '9999_from_the_future', '2030-01-01')"
        )
    assert_refused(serve(folder), str(folder / file), "later version", "9999_from_the_future")


def test_a_file_that_is_no_database_is_refused(folder):
    file = "chat.sqlite3"
    (folder / file).write_bytes(b"not a database at all" * 1000)
    assert_refused(serve(folder), str(folder / file), "file is not a database")


def test_accounts_before_the_first_start_are_refused_in_one_line(tmp_path):
    result = manage("account", "token", "alice", "--label", "x", data_dir=tmp_path)
    assert_refused(result, "manage.py migrate")
