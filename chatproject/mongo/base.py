"""The engine `chatproject.mongo`: djongo on the Django of today.

`HOST` is the whole `mongodb://` URL, `NAME` the database.
"""

import os
from typing import Any

from chatproject.mongo.versions import refuse_unknown_versions

refuse_unknown_versions()  # before anything of djongo's is touched

from djongo import base  # noqa: E402
from pymongo.collection import Collection  # noqa: E402
from pymongo.database import Database  # noqa: E402

from chatproject.mongo import clients  # noqa: E402
from chatproject.mongo.creation import DatabaseCreation  # noqa: E402
from chatproject.mongo.cursor import Cursor  # noqa: E402
from chatproject.mongo.errors import translated  # noqa: E402
from chatproject.mongo.features import DatabaseFeatures  # noqa: E402
from chatproject.mongo.introspection import DatabaseIntrospection  # noqa: E402
from chatproject.mongo.operations import DatabaseOperations  # noqa: E402
from chatproject.mongo.replacing import replace  # noqa: E402
from chatproject.mongo.schema import DatabaseSchemaEditor  # noqa: E402

replace()


class DatabaseWrapper(base.DatabaseWrapper):
    """A thread's way to the process's client. There are no transactions: see docs/design.md."""

    display_name = "MongoDB (djongo)"
    data_types = {
        "AutoField": "long",
        "BigAutoField": "long",
        "BigIntegerField": "long",
        "BooleanField": "bool",
        "CharField": "string",
        "DateTimeField": "date",
        "FloatField": "double",
        "IntegerField": "long",
        "JSONField": "object",
        "PositiveBigIntegerField": "long",
        "PositiveIntegerField": "long",
        "PositiveSmallIntegerField": "int",
        "SlugField": "string",
        "SmallIntegerField": "int",
        "TextField": "string",
        "UUIDField": "string",
    }
    """Fields whose values come back as they went in; others are refused by the schema editor."""
    data_types_suffix: dict[str, str] = {}

    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    connection: Any
    _pid = 0
    """The process that connected: another one, forked from it, must have a client of its own."""

    def get_connection_params(self) -> dict[str, Any]:
        return {"url": self.settings_dict["HOST"], "name": self.settings_dict["NAME"]}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Database[dict[str, Any]]:
        with translated():
            database = clients.client(conn_params["url"])[conn_params["name"]]
        self.djongo_connection = base.DjongoClient(database, enforce_schema=False)
        self._pid = os.getpid()
        return database

    def init_connection_state(self) -> None:
        """Nothing to say to a server that may not even have been asked yet."""

    def ensure_connection(self) -> None:
        if self._pid != os.getpid():
            self.connection = None
        super().ensure_connection()

    def create_cursor(self, name: str | None = None) -> Cursor:
        return Cursor(self.connection, self.djongo_connection)

    def get_collection(self, name: str) -> Collection[dict[str, Any]]:
        """For what no ORM can ask; wrap its use in `errors.translated()`."""
        self.ensure_connection()
        return self.connection[name]

    def close_pool(self) -> None:
        """Close this process's client, for all its threads."""
        self.close()
        clients.close(self.settings_dict["HOST"])

    def _close(self) -> None:
        """The client belongs to the process, not to this thread."""

    def _rollback(self) -> None:
        """What is written stays; djongo raises here, and Django then drops the connection."""

    def _savepoint(self, sid: str) -> None:
        """Nothing is kept to go back to."""

    _savepoint_rollback = _savepoint_commit = _savepoint
