"""Both databases, whatever the engine: migrated, and with the indexes that everything rests on."""

from collections.abc import Iterator

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from chat.models import Message
from chatproject.databases import MESSAGES
from chatproject.operations.doctor.configuration import database_checks
from chatproject.operations.doctor.finding import Finding, fail, ok

UNIQUE = {("conversation", "seq"), ("sender", "client_id")}
"""What keeps seq without gaps, and a message from being stored twice."""
MIGRATE = "python manage.py migrate"


def store(alias: str) -> Iterator[Finding]:
    subject = f"Database {alias}"
    connections[alias].ensure_connection()
    found = [*_migrations(alias), *database_checks(alias)]
    if not found and alias == MESSAGES:
        found = list(_indexes())
    yield from found or [ok(subject, f"{name_of(alias)}, up to date")]


def name_of(alias: str) -> str:
    connection = connections[alias]
    return f"{connection.display_name} ({connection.settings_dict['NAME']})"


def _migrations(alias: str) -> Iterator[Finding]:
    executor = MigrationExecutor(connections[alias])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield fail(f"Database {alias}", f"{len(plan)} migrations are missing", MIGRATE)
    known = executor.loader.disk_migrations or {}
    if later := [key for key in executor.loader.applied_migrations if key not in known]:
        app, name = sorted(later)[-1]
        yield fail(f"Database {alias}", f"a later version wrote it ({app}.{name})",
                   "Run that version, or restore a backup.")  # fmt: skip


def _indexes() -> Iterator[Finding]:
    table = Message._meta.db_table
    with connections[MESSAGES].cursor() as cursor:
        found = connections[MESSAGES].introspection.get_constraints(cursor, table)
    unique = {tuple(index["columns"]) for index in found.values() if index["unique"]}
    for columns in sorted(UNIQUE - unique):
        yield fail(f"Database {MESSAGES}", f"the unique index on {', '.join(columns)} is missing",
                   "Stop the chat and restore a backup, or copy the messages into a new store by"
                   " manage.py messages copy.")  # fmt: skip
