"""PostgreSQL connections of their own, outside the pool, and the locks that live with them."""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

NAMESPACE = 0x70327063
"""Of our advisory locks; other programs on the same database use other numbers."""
SERVING, MIGRATING = 1, 2
LOSES_DEAD_CLIENTS = """
SET tcp_keepalives_idle = 10;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3
"""
"""A lock whose holder's machine died is free after 25 s, in place of two hours."""


def is_postgres(alias: str) -> bool:
    return connections[alias].vendor == "postgresql"


def connection_apart(alias: str) -> BaseDatabaseWrapper:
    """A connection to the database, not made yet; whoever asked for it closes it."""
    connection = connections[alias].copy()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.inc_thread_sharing()
    return connection


def try_lock(connection: BaseDatabaseWrapper, number: int, shared: bool = False) -> bool:
    """Take the lock, if it is free, for as long as the connection lives; `shared`, with others
    who share it."""
    function = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(LOSES_DEAD_CLIENTS)
        cursor.execute(f"SELECT {function}(%s, %s)", [NAMESPACE, number])
        return bool(cursor.fetchone()[0])


def wait_for_lock(connection: BaseDatabaseWrapper, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOSES_DEAD_CLIENTS)
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [NAMESPACE, number])
