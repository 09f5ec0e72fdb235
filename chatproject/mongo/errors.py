"""pymongo's and djongo's errors as Django's, with a text that quotes no stored value but keys.

The original is never chained: the text of a BulkWriteError holds the documents.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bson.errors import BSONError
from django.db import DatabaseError, DataError, IntegrityError, NotSupportedError, OperationalError
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DocumentTooLarge,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

DUPLICATE_KEY = 11000
NOT_LET_IN = (13, 18)
"""Unauthorized, AuthenticationFailed (MongoDB's error_codes.yml)."""
UNFIT = (121, 10334)
"""DocumentValidationFailure, BSONObjectTooLarge."""
Unencodable = (BSONError, DocumentTooLarge, OverflowError, UnicodeError)
Known = (PyMongoError, *Unencodable)


@contextmanager
def translated(statement: str | None = None) -> Iterator[None]:
    """Raise what comes out as an error of django.db.

    `statement` is the SQL, without values, that djongo is at: whatever else it raises then means
    that it cannot translate that.
    """
    try:
        yield
    except Exception as error:
        cause = _cause(error)
        if cause is not None:
            raise as_django(cause) from None
        if statement is None or isinstance(error, DatabaseError):
            raise
        raise NotSupportedError(f"djongo cannot translate {statement[:500]}") from None


def _cause(error: BaseException) -> Exception | None:
    """The error of pymongo's that `error` is, or was raised from."""
    at: BaseException | None = error
    while at is not None and not isinstance(at, Known):
        at = at.__cause__
    return at


def as_django(error: Exception) -> DatabaseError:
    """The error of django.db that says the same as one of `Known`."""
    if isinstance(error, Unencodable):
        return DataError(f"MongoDB cannot hold a value of this: {type(error).__name__}")
    if isinstance(error, BulkWriteError):
        return _of_bulk(error.details)
    if isinstance(error, ServerSelectionTimeoutError):
        return OperationalError(f"no MongoDB server answers: {_reason(error)}")
    if isinstance(error, ConnectionFailure) or (isinstance(error, PyMongoError) and error.timeout):
        return OperationalError(str(error))
    if isinstance(error, OperationFailure):
        return _of_operation(error.code, _reason(error))
    return DatabaseError(str(error))


def _of_bulk(details: Any) -> DatabaseError:
    """What stopped a bulk write: its first failed document, or that nobody confirmed it."""
    failed = details.get("writeErrors")
    if failed and not details.get("writeConcernErrors"):
        return _of_operation(failed[0].get("code"), failed[0].get("errmsg", ""))
    return OperationalError("MongoDB did not confirm a write as durable.")


def _of_operation(code: int | None, text: str) -> DatabaseError:
    if code == DUPLICATE_KEY:
        return IntegrityError(text)
    if code in NOT_LET_IN:
        return OperationalError(text)
    if code in UNFIT:
        return DataError(f"{text} (code {code})")
    return DatabaseError(f"{text} (code {code})")


def _reason(error: Exception) -> str:
    """The error's text without the state of the whole topology, or the server's whole answer."""
    return str(error).partition(", Timeout:")[0].partition(", full error:")[0]
