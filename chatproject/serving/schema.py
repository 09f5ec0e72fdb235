"""Brings both databases to the state that this version of the program expects."""

from collections.abc import Callable
from typing import Any

from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date(say: Callable[[str], Any]) -> None:
    """Applies what is missing, saying so; quiet where nothing is.

    Raises CommandError with one line where a database can't be used, or is of a later version.
    """
    for alias in connections:
        try:
            if _is_behind(alias):
                say(f"Preparing the {alias!r} database in {_place(alias)}")
                call_command("migrate", database=alias, verbosity=0, interactive=False)
            _refuse_what_forgets(alias)
        except (DatabaseError, InconsistentMigrationHistory) as error:
            raise CommandError(
                f"The {alias!r} database in {_place(alias)} cannot be used: {error}."
            ) from None
        finally:
            connections[alias].close()


def _is_behind(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    executor.loader.check_consistent_history(connections[alias])
    _refuse_a_later_one(executor, alias)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _refuse_a_later_one(executor: MigrationExecutor, alias: str) -> None:
    latest = dict(sorted(executor.loader.disk_migrations or ()))  # app: its last migration's name
    for app, name in executor.loader.applied_migrations or ():
        if name > latest.get(app, name):
            raise CommandError(
                f"The {alias!r} database in {_place(alias)} was written by a later version"
                f" ({app}.{name} is unknown here); run that version, or restore a backup."
            )


def _refuse_what_forgets(alias: str) -> None:
    for message in run_checks(tags=[Tags.database], databases=[alias]):
        if message.is_serious():
            raise CommandError(f"{message.msg} {message.hint}")


def _place(alias: str) -> str:
    return str(connections[alias].settings_dict["NAME"])
