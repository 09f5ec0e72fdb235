"""pymongo's errors as Django's: of the right kind, and without what was stored."""

import traceback

import pytest
from bson.errors import InvalidDocument
from django.db import DatabaseError, DataError, IntegrityError, OperationalError
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from chat.models import Message
from chatproject.mongo.errors import as_django, translated
from tests.chat.store.rows import AB, row

SECRET = "what nobody else may read"
TAKEN = {"code": 11000, "errmsg": "E11000 duplicate key", "op": {"body": SECRET}}
KINDS = [
    (DuplicateKeyError("E11000", 11000), IntegrityError),
    (BulkWriteError({"writeErrors": [TAKEN]}), IntegrityError),
    (BulkWriteError({"writeErrors": [{**TAKEN, "code": 121}]}), DataError),
    (
        BulkWriteError({"writeErrors": [TAKEN], "writeConcernErrors": [{"code": 64}]}),
        OperationalError,
    ),
    (BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]}), OperationalError),
    (ServerSelectionTimeoutError("no one"), OperationalError),
    (NetworkTimeout("timed out"), OperationalError),
    (AutoReconnect("closed"), OperationalError),
    (WTimeoutError("waiting for replication", 64), OperationalError),
    (ExecutionTimeout("too slow", 50), OperationalError),
    (OperationFailure("Authentication failed.", 18), OperationalError),
    (OperationFailure("bad", 2), DatabaseError),
    (InvalidDocument(SECRET), DataError),
    (OverflowError(SECRET), DataError),
    (PyMongoError("other"), DatabaseError),
]


@pytest.mark.parametrize(("error", "kind"), KINDS, ids=lambda value: type(value).__name__)
def test_each_kind(error, kind):
    found = as_django(error)
    assert type(found) is kind
    assert SECRET not in str(found)


def test_the_original_is_found_under_others_and_not_shown():
    with pytest.raises(IntegrityError) as raised, translated("SELECT"):
        try:
            raise BulkWriteError({"writeErrors": [TAKEN]})
        except BulkWriteError as error:
            raise ValueError(SECRET) from error
    shown = "".join(traceback.format_exception(raised.value))
    assert SECRET not in shown


def test_what_is_no_error_of_a_database_stays():
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError


def test_no_traceback_quotes_a_message(djongo):
    held = row(AB, 1, body=SECRET)
    djongo.store.insert([held])
    for again in (
        lambda: djongo.store.insert([held._replace(seq=2)]),
        lambda: Message.objects.bulk_create([Message(**held._asdict())]),
        lambda: Message(**held._asdict()).save(force_insert=True),
        lambda: Message.objects.filter(body=SECRET).update(id=SECRET),
        lambda: djongo.store.insert([row(AB, 3, body=SECRET, data={"n": 2**70})]),
        lambda: djongo.store.insert([row(AB, 3, body=SECRET + "\ud800")]),
    ):
        with pytest.raises(DatabaseError) as raised:
            again()
        assert SECRET not in "".join(traceback.format_exception(raised.value))


def test_an_inner_failure_does_not_end_what_is_around_it(djongo):
    """As with savepoints, but that nothing is taken back."""
    from django.db import transaction

    djongo.store.insert([row(AB, 1)])
    with transaction.atomic(using="messages"):
        with pytest.raises(IntegrityError), transaction.atomic(using="messages"):
            Message.objects.bulk_create([Message(**row(AB, 1)._asdict())])
        Message.objects.bulk_create([Message(**row(AB, 2)._asdict())])
    assert djongo.store.last_seqs([AB]) == {AB: 2}
