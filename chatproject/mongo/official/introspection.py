"""What is in the database; that it does not answer is an OperationalError."""

from typing import Any

from django_mongodb_backend import introspection

from chatproject.mongo.errors import translated


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    def table_names(self, cursor: Any = None, include_views: bool = False) -> list[str]:
        self.connection.ensure_connection()
        with translated():
            return list(super().table_names(cursor, include_views))

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        with translated():
            return dict(super().get_constraints(cursor, table_name))
