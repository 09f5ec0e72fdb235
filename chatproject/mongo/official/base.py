"""The engine `chatproject.mongo.official`. `HOST` is the whole `mongodb://` URL, `NAME` the
database."""

import os
from typing import Any

from django_mongodb_backend import base
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from chatproject.mongo import clients
from chatproject.mongo.errors import translated
from chatproject.mongo.official import matching
from chatproject.mongo.official.introspection import DatabaseIntrospection
from chatproject.mongo.official.operations import DatabaseOperations
from chatproject.mongo.official.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    mongo_operators = {**base.DatabaseWrapper.mongo_operators, **matching.OPERATORS}
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    connection: Any
    _pid = 0
    """The process that connected: another one, forked from it, must have a client of its own."""

    def get_connection_params(self) -> dict[str, Any]:
        return {"url": self.settings_dict["HOST"]}

    def get_new_connection(self, conn_params: dict[str, Any]) -> MongoClient[dict[str, Any]]:
        self._pid = os.getpid()
        with translated():
            return clients.client(conn_params["url"])

    def init_connection_state(self) -> None:
        """The first connection of a process asks for the server's version."""
        with translated():
            super().init_connection_state()

    def is_usable(self) -> bool:
        """The client mends itself."""
        return self.connection is not None

    def ensure_connection(self) -> None:
        if self._pid != os.getpid():
            self._disconnect()
        super().ensure_connection()

    def get_collection(self, name: str, **kwargs: Any) -> Collection[dict[str, Any]]:
        self.ensure_connection()
        return super().get_collection(name, **kwargs)

    def get_database(self) -> Database[dict[str, Any]]:
        self.ensure_connection()
        return super().get_database()

    def close_pool(self) -> None:
        """Close this process's client, for all its threads."""
        self._disconnect()
        clients.close(self.settings_dict["HOST"])

    def _disconnect(self) -> None:
        self.connection = None
        self.__dict__.pop("database", None)
