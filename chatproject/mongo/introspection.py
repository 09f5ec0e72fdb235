"""What is in the database: collections and their indexes, asked of MongoDB itself."""

from typing import Any

from django.db.backends.base.introspection import BaseDatabaseIntrospection, TableInfo
from django.db.models import Index

from chatproject.mongo.errors import translated

PRIMARY = "_id_"
"""MongoDB's own index of each collection."""


class DatabaseIntrospection(BaseDatabaseIntrospection):
    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        self.connection.ensure_connection()
        with translated():
            names = self.connection.connection.list_collection_names()
        return [TableInfo(name, "t") for name in names if not name.startswith("system.")]

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        with translated():
            indexes = self.connection.get_collection(table_name).index_information()
        return {name: _constraint(name, index) for name, index in indexes.items()}

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[Any]:
        return []


def _constraint(name: str, index: dict[str, Any]) -> dict[str, Any]:
    return {
        "columns": [column for column, _ in index["key"]],
        "orders": ["DESC" if order == -1 else "ASC" for _, order in index["key"]],
        "primary_key": name == PRIMARY,
        "unique": name == PRIMARY or index.get("unique", False),
        "index": True,
        "foreign_key": None,
        "check": False,
        "type": Index.suffix,
        "definition": None,
    }
