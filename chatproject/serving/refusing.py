"""A database that cannot be used is told of in one line, to whoever starts the program."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory

from chatproject.serving.apart import connection_apart, is_postgres


@contextmanager
def refusing(alias: str) -> Iterator[None]:
    """Raises CommandError in place of the errors of the database `alias`."""
    try:
        yield
    except (DatabaseError, InterfaceError, InconsistentMigrationHistory) as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise CommandError(f"{named(alias)} cannot be used: {reason}.") from None


def reach(alias: str) -> None:
    """Raises CommandError where PostgreSQL is away.

    The pool would try for long, warn of each try and at last give no reason.
    """
    if is_postgres(alias):
        with refusing(alias), closing(connection_apart(alias)) as connection:
            connection.ensure_connection()


def named(alias: str) -> str:
    """For example "The 'default' database in chat on db:5432"; never a user or a password."""
    settings = connections[alias].settings_dict
    is_server = is_postgres(alias) and settings["HOST"]
    server = f" on {settings['HOST']}:{settings['PORT'] or 5432}" if is_server else ""
    return f"The {alias!r} database in {settings['NAME']}{server}"
