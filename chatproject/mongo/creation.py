"""Databases for tests: MongoDB makes one at its first write."""

from django.db.backends.base.creation import BaseDatabaseCreation

from chatproject.mongo.errors import translated


class DatabaseCreation(BaseDatabaseCreation):
    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        if not keepdb:
            self._destroy_test_db(name, verbosity)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        self.connection.ensure_connection()
        with translated():
            self.connection.connection.client.drop_database(test_database_name)
