"""Both of MongoDB's engines keep the same documents: each goes on with what the other wrote."""

from datetime import datetime
from typing import Any

import pytest
from bson import Int64
from django.db import IntegrityError

from chat.models import Message
from chat.store import GeneralStore
from tests.chat.store.conftest import MONGO_ENGINES
from tests.chat.store.engines import Engine
from tests.chat.store.rows import AB, row
from tests.chat.store.test_migrations import applied, unique

DATA = {"value": 21.0, "of": [1, None, {"a.b": "$c"}], "n": 2**53}
ORDERS = [("djongo", "official"), ("official", "djongo")]


@pytest.fixture(scope="module", params=ORDERS, ids="then ".join)
def migrated_pair(request, mongo_databases, tmp_path_factory, django_db_blocker):
    """Two engines on one database, migrated by the first."""
    url, folder = mongo_databases.new(), tmp_path_factory.mktemp("pair")
    first, second = (
        Engine(name, folder, django_db_blocker, MONGO_URL=url, MONGO_ENGINE=MONGO_ENGINES[name])
        for name in request.param
    )
    with first.in_use():
        first.migrate_messages()
    return first, second


@pytest.fixture
def pair(migrated_pair):
    """The same, with an empty table."""
    with migrated_pair[0].in_use():
        Message.objects.all().delete()
    return migrated_pair


def documents(engine: Engine) -> list[dict[str, Any]]:
    with engine.in_use():
        return list(engine.connection.get_collection(Message._meta.db_table).find().sort("seq"))


def write(engine: Engine, seq: int) -> None:
    """A message by the store, and one by the ORM."""
    with engine.in_use():
        engine.store.insert([row(AB, seq, data=DATA)])
        GeneralStore().insert([row(AB, seq + 1, sender="bob", data=None)])


def test_they_write_the_same(pair):
    first, second = pair
    write(first, 1)
    write(second, 3)
    own = {"_id", "client_id", "sent_at", "body", "seq"}
    for wrote, then_wrote in zip(documents(first)[:2], documents(first)[2:], strict=True):
        assert list(wrote) == list(then_wrote)
        assert {name: type(value) for name, value in wrote.items()} == {
            name: type(value) for name, value in then_wrote.items()
        }
        assert {k: v for k, v in wrote.items() if k not in own} == {
            k: v for k, v in then_wrote.items() if k not in own
        }
        assert (type(wrote["seq"]), type(wrote["sent_at"])) == (Int64, datetime)


def test_each_reads_what_the_other_wrote(pair):
    first, second = pair
    write(first, 1)
    write(second, 3)
    read = []
    for engine in pair:
        with engine.in_use():
            assert engine.store.after(AB, 0, 10) == GeneralStore().after(AB, 0, 10)
            read.append(engine.store.after(AB, 0, 10))
            assert Message.objects.get(seq=1).data == DATA
            assert Message.objects.filter(data__isnull=True).count() == 2
    assert read[0] == read[1]
    assert [message.seq for message in read[0]] == [1, 2, 3, 4]


def test_the_indexes_of_one_hold_for_the_other(pair):
    first, second = pair
    taken = row(AB, 1)
    with first.in_use():
        first.store.insert([taken])
        indexes = unique(first)
    with second.in_use():
        assert unique(second) == indexes
        alike: list[dict[str, Any]] = [{"seq": 1}, {"client_id": taken.client_id}, {"id": taken.id}]
        for same in alike:
            with pytest.raises(IntegrityError):
                second.store.insert([row(AB, same.pop("seq", 9), **same)])


def test_indexes_are_whole(pair):
    """A partial one is used for no query that does not repeat its condition."""
    first, _ = pair
    with first.in_use():
        table = first.connection.get_collection(Message._meta.db_table)
        indexes = table.index_information()
    assert set(indexes) == {"_id_", "message_seq_once", "message_id_once"}
    assert not any("partialFilterExpression" in index for index in indexes.values())


def test_the_second_finds_itself_migrated_and_can_go_back(pair):
    first, second = pair
    with first.in_use():
        done = applied(first)
    with second.in_use():
        assert applied(second) == done
        second.migrate_messages()
        second.migrate_messages("zero")
    with first.in_use():
        assert ("chat", "0001_initial") not in applied(first)
        first.migrate_messages()
        assert applied(first) == done
