"""Migrations forth and back and forth, on each engine; afterwards the constraints are there."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.db.migrations.recorder import MigrationRecorder

from chat.models import Message
from tests.chat.store.conftest import NAMES
from tests.chat.store.rows import AB, row

TABLE = Message._meta.db_table
UNIQUE = {
    "message_seq_once": ["conversation", "seq"],
    "message_id_once": ["sender", "client_id"],
}


def tables(engine) -> set[str]:
    return set(engine.connection.introspection.table_names())


def unique(engine) -> dict[str, list[str]]:
    """The unique constraints of the messages' table but for its key, as the database has them."""
    with engine.connection.cursor() as cursor:
        found = engine.connection.introspection.get_constraints(cursor, TABLE)
    return {name: constraint["columns"] for name, constraint in found.items()
            if constraint["unique"] and not constraint["primary_key"]}  # fmt: skip


def check_constraints(engine) -> None:
    assert {name: unique(engine).get(name) for name in UNIQUE} == UNIQUE
    store = engine.store
    first = row(AB, 1)
    store.insert([first])
    alike: list[dict[str, Any]] = [{"seq": 1}, {"client_id": first.client_id}, {"id": first.id}]
    for taken in alike:
        with pytest.raises(IntegrityError):
            store.insert([row(AB, taken.pop("seq", 2), **taken)])
    assert store.last_seqs([AB]) == {AB: 1}


@pytest.mark.parametrize("name", NAMES)
def test_forth_and_back_and_forth(make_engine, name):
    engine = make_engine(name)
    engine.migrate()
    with engine.in_use():
        call_command("migrate", database="messages", check_unapplied=True, verbosity=0)
        assert ("chat", "0001_initial") in applied(engine)
        only_messages_are_there(engine)
        check_constraints(engine)
        engine.migrate_messages("zero")
        assert TABLE not in tables(engine)
        assert ("chat", "0001_initial") not in applied(engine)
        engine.migrate_messages()
        assert Message.objects.count() == 0
        check_constraints(engine)


def only_messages_are_there(engine) -> None:
    """Nothing of what lives in the other database."""
    assert {name for name in tables(engine) if name.startswith("chat_")} == {TABLE}


def applied(engine) -> set[tuple[str, str]]:
    return set(MigrationRecorder(engine.connection).applied_migrations())
