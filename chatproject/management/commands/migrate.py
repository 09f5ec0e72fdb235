"""`manage.py migrate`: Django's own, for both databases unless one is named, one at a time."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from chatproject.serving.migrating import one_at_a_time
from chatproject.serving.refusing import reach


def aliases(named: str | None) -> list[str]:
    return [named] if named else list(connections)


class Command(migrate.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        return super().get_check_kwargs(options) | {"databases": aliases(options["database"])}

    def execute(self, *args: Any, **options: Any) -> str | None:
        for alias in aliases(options["database"]):
            reach(alias)
        return super().execute(*args, **options)

    def handle(self, *args: Any, database: str | None, **options: Any) -> None:
        with one_at_a_time():
            for alias in aliases(database):
                if options["verbosity"]:
                    self.stdout.write(self.style.MIGRATE_HEADING(f"Database {alias!r}:"))
                super().handle(*args, database=alias, **options)
