"""How log lines look, and what is kept out of them whoever writes them.

No path (an invitation's is a secret), no SQL, no text of an error of a database (it quotes rows,
and rows hold messages), nothing that a library passes along beside its line.
"""

import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from chatproject.operations.ids import connection_id, request_id

SHOWN = ("request_id", "connection_id", "account", "code", "seconds", "method", "route",
         "status", "ms", "task", "task_id")  # fmt: skip
"""What a line may carry besides. Django's own hold the request and, of queries, the SQL."""
DATABASES = ("django.db", "sqlite3", "psycopg", "pymongo", "djongo")
"""Packages whose errors are named and not quoted."""
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Filter):
    """Adds the ids; takes paths out of Django's lines, and quoted errors out of Celery's."""

    def filter(self, record: logging.LogRecord) -> bool:
        _add_ids(record)
        error = record.exc_info[1] if record.exc_info else None
        if record.name.startswith("django.request") and isinstance(record.args, tuple):
            record.args = tuple(_without_path(part) for part in record.args)
        elif record.name.startswith("django.security"):
            record.exc_info = None  # a stranger's request: one line is enough
        elif isinstance(record.args, dict) and "exc" in record.args and _is_databases(error):
            record.args = {**record.args, "exc": type(error).__name__}
        return True


def _add_ids(record: logging.LogRecord) -> None:
    record.request_id = request_id.get() or None
    record.connection_id = connection_id.get() or None
    if task := _current_task():
        record.task, record.task_id = task.name, task.request.id


def _current_task() -> Any:
    """Celery's, if this process has Celery: most commands do without, and it is dear to import."""
    get = getattr(sys.modules.get("celery._state"), "get_current_task", None)
    return get() if get else None


def _without_path(part: Any) -> Any:
    return "(a path)" if isinstance(part, str) and part.startswith("/") else part


class _Tracebacks(logging.Formatter):
    def formatException(self, ei: ExcInfo) -> str:
        """The traceback, with its causes; a database's errors without their words."""
        errors = reversed(list(_chain(ei[1])))
        return "\n".join(_told(error) for error in errors)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    quoted = "" if _is_databases(error) else f": {error}"
    return f"Traceback (most recent call last):\n{frames}{name}{quoted}"


def _is_databases(error: object) -> bool:
    return type(error).__module__.startswith(DATABASES)


class Lines(_Tracebacks):
    """For people: time, level, logger, message."""


class JsonLines(_Tracebacks, JsonFormatter):
    """For programs: one JSON object a line."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        at = datetime.fromtimestamp(record.created, UTC)
        log_data["time"] = at.isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = record.message
        for name in SHOWN:
            if (value := getattr(record, name, None)) is not None:
                log_data[name] = value
        log_data |= message_dict
