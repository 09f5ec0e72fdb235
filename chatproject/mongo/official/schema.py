"""Migrations. The official editor makes each unique index a partial one, by the values' types;
then planners use it for no query of ours, and it does not see what others wrote as a 32 bit int."""

from contextlib import ExitStack
from typing import Any

from django.db.models import Field, Model
from django.db.models.constraints import BaseConstraint
from django_mongodb_backend import schema

from chatproject.mongo import indexes
from chatproject.mongo.clients import unhurried
from chatproject.mongo.errors import translated


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def __enter__(self) -> Any:
        self._around = ExitStack()
        self._around.enter_context(translated())
        with translated():
            self._around.enter_context(unhurried(self.connection.get_database()))
        return super().__enter__()

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)
        self._around.__exit__(*raised)

    def add_constraint(
        self, model: type[Model], constraint: BaseConstraint, *_: Any, **__: Any
    ) -> None:
        index = indexes.of_constraint(model, constraint)
        self.get_collection(model._meta.db_table).create_indexes([index])

    def _add_field_unique(
        self, model: type[Model], field: "Field[Any, Any]", column_prefix: str = ""
    ) -> None:
        name = str(self._unique_constraint_name(model._meta.db_table, [field.column]))
        index = indexes.of_field(field, name)
        self.get_collection(model._meta.db_table).create_indexes([index])
