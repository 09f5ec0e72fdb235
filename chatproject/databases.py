"""Which model lives in which database: messages in `messages`, everything else in `default`."""

from typing import Any

from django.db import connections
from django.db.models import Model

from chatproject.engines import MESSAGES_SCHEMA

MESSAGES = "messages"
DEFAULT = "default"


def database_of(app_label: str, model_name: str | None) -> str:
    return MESSAGES if (app_label, model_name) == ("chat", "message") else DEFAULT


def _database_of(instance: Model) -> str:
    return database_of(instance._meta.app_label, instance._meta.model_name)


class MessagesRouter:
    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return database_of(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_relation(self, a: Model, b: Model, **hints: Any) -> bool:
        return _database_of(a) == _database_of(b)

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool:
        return db == database_of(app_label, model_name)


def make_schema(using: str, **_: Any) -> None:
    """Before PostgreSQL's first migration: the schema that the messages are in."""
    if using == MESSAGES and connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {MESSAGES_SCHEMA}")
