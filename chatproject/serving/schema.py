"""Both databases are in the state that this version of the program expects, or get there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from chatproject.serving.refusing import named, reach, refusing


def bring_up_to_date(say: Callable[[str], Any]) -> None:
    """Applies what is missing, saying so; quiet where nothing is.

    Raises CommandError with one line where a database can't be used, or is of a later version.
    """
    for alias in connections:
        with _usable(alias):
            if _is_behind(alias):
                say(f"Preparing {_lowered(named(alias))}")
                call_command("migrate", database=alias, verbosity=0, interactive=False)


def require_up_to_date() -> None:
    """Raises CommandError with one line, also where something is missing."""
    for alias in connections:
        with _usable(alias):
            if _is_behind(alias):
                raise CommandError(
                    f"{named(alias)} is behind this version of the program; run `manage.py migrate`"
                    " once, before the servers start."
                )


@contextmanager
def _usable(alias: str) -> Iterator[None]:
    try:
        reach(alias)
        with refusing(alias):
            yield
            _refuse_what_forgets(alias)
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
                f"{named(alias)} was written by a later version ({app}.{name} is unknown here); run"
                " that version, or restore a backup."
            )


def _refuse_what_forgets(alias: str) -> None:
    for message in run_checks(tags=[Tags.database], databases=[alias]):
        if message.is_serious():
            raise CommandError(f"{message.msg} {message.hint}")


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
