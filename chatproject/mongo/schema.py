"""Migrations, carried out on MongoDB itself. What it cannot keep is refused, not passed over."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.db import NotSupportedError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import AutoField, Field, Index, Model
from django.db.models.constraints import BaseConstraint
from pymongo import IndexModel
from pymongo.collection import Collection

from chatproject.mongo import indexes
from chatproject.mongo.clients import unhurried
from chatproject.mongo.errors import translated

ModelClass = type[Model]
AnyField: TypeAlias = "Field[Any, Any]"
OWN_KEYS = ("django_migrations",)
"""Tables whose rows are never asked for by key: an AutoField there is left to MongoDB's `_id`."""


class DatabaseSchemaEditor(BaseDatabaseSchemaEditor):
    def _do(self, model: ModelClass, said: str, change: Callable[[Any], Any]) -> None:
        """`change` the collection, however long that takes; or, for sqlmigrate, say it."""
        table = model._meta.db_table
        if self.collect_sql:
            self.collected_sql.append(f"-- {table}: {said}")
            return
        collection = self.connection.get_collection(table)
        with translated(), unhurried(collection.database):
            change(collection)

    def execute(self, sql: Any, params: Any = ()) -> None:
        raise NotSupportedError(f"MongoDB runs no SQL of a migration: {str(sql)[:200]}")

    # ---- tables --------------------------------------------------------------------------------

    def create_model(self, model: ModelClass) -> None:
        for field in model._meta.local_fields:
            self._check(field)
        if model._meta.local_many_to_many:
            raise NotSupportedError(f"{model.__name__}: many-to-many fields need joins.")
        wanted = self._all_indexes(model)  # refuses before anything is made
        self._do(model, "create", lambda table: table.database.create_collection(table.name))
        for index in wanted:
            self._create(model, index)

    def _check(self, field: AnyField) -> None:
        if isinstance(field, AutoField) and field.model._meta.db_table not in OWN_KEYS:
            raise NotSupportedError(f"{field}: MongoDB numbers no rows; give it a key of its own.")
        if field.remote_field or field.db_type(self.connection) is None:
            raise NotSupportedError(f"{field}: {type(field).__name__} is not kept in MongoDB.")

    def _all_indexes(self, model: ModelClass) -> list[IndexModel]:
        options = model._meta
        if options.unique_together:
            raise NotSupportedError(f"{model.__name__}: write a UniqueConstraint instead.")
        return [
            *(self._of_field(model, field) for field in options.local_fields if _is_indexed(field)),
            *(indexes.of_constraint(model, constraint) for constraint in options.constraints),
            *(indexes.of_index(model, index) for index in options.indexes),
        ]

    def delete_model(self, model: ModelClass) -> None:
        self._do(model, "drop", Collection.drop)

    def alter_db_table(self, model: ModelClass, old_db_table: str, new_db_table: str) -> None:
        if old_db_table == new_db_table:
            return

        def rename(table: Any) -> None:
            table.database[old_db_table].rename(new_db_table)

        self._do(model, f"rename {old_db_table} to {new_db_table}", rename)

    def alter_unique_together(self, model: ModelClass, old: Any, new: Any) -> None:
        raise NotSupportedError(f"{model.__name__}: write a UniqueConstraint instead.")

    # ---- fields --------------------------------------------------------------------------------

    def add_field(self, model: ModelClass, field: AnyField) -> None:
        self._check(field)
        values = {"$set": {field.column: self.effective_default(field)}}
        self._do(model, f"set {field.column}", lambda table: table.update_many({}, values))
        if _is_indexed(field):
            self._create(model, self._of_field(model, field))

    def remove_field(self, model: ModelClass, field: AnyField) -> None:
        if _is_indexed(field):
            self._drop(model, self._name(model, field))
        column = {"$unset": {field.column: ""}}
        self._do(model, f"unset {field.column}", lambda table: table.update_many({}, column))

    def _alter_field(self, model: ModelClass, old_field: AnyField, new_field: AnyField,
                     old_type: str, new_type: str, *_: Any, **__: Any) -> None:  # fmt: skip
        if old_type != new_type:
            raise NotSupportedError(f"{new_field}: MongoDB keeps values as they are; convert them.")
        had_index = _is_indexed(old_field) and self._of_field(model, old_field).document
        new_index = _is_indexed(new_field) and self._of_field(model, new_field)
        changed = had_index != (new_index and new_index.document)
        if had_index and changed:
            self._drop(model, self._name(model, old_field))
        self._alter_values(model, old_field, new_field)
        if new_index and changed:
            self._create(model, new_index)

    def _alter_values(self, model: ModelClass, old: AnyField, new: AnyField) -> None:
        if old.column != new.column:
            names = {"$rename": {old.column: new.column}}
            said = f"rename {old.column} to {new.column}"
            self._do(model, said, lambda table: table.update_many({}, names))
        if old.null and not new.null:
            of, values = {new.column: None}, {"$set": {new.column: self.effective_default(new)}}
            self._do(model, f"fill {new.column}", lambda table: table.update_many(of, values))

    # ---- indexes -------------------------------------------------------------------------------

    def add_index(self, model: ModelClass, index: Index) -> None:
        self._create(model, indexes.of_index(model, index))

    def remove_index(self, model: ModelClass, index: Index) -> None:
        self._drop(model, index.name)

    def rename_index(self, model: ModelClass, old_index: Index, new_index: Index) -> None:
        self.remove_index(model, old_index)
        self.add_index(model, new_index)

    def add_constraint(self, model: ModelClass, constraint: BaseConstraint) -> None:
        self._create(model, indexes.of_constraint(model, constraint))

    def remove_constraint(self, model: ModelClass, constraint: BaseConstraint) -> None:
        self._drop(model, constraint.name)

    def _create(self, model: ModelClass, index: IndexModel) -> None:
        said = f"create index {index.document}"
        self._do(model, said, lambda table: table.create_indexes([index]))

    def _drop(self, model: ModelClass, name: str) -> None:
        self._do(model, f"drop index {name}", lambda table: table.drop_index(name))

    def _of_field(self, model: ModelClass, field: AnyField) -> IndexModel:
        return indexes.of_field(field, self._name(model, field))

    def _name(self, model: ModelClass, field: AnyField) -> str:
        suffix = "_uniq" if field.unique else ""
        return str(self._create_index_name(model._meta.db_table, [field.column], suffix=suffix))


def _is_indexed(field: AnyField) -> bool:
    """MongoDB indexes `_id` by itself; an AutoField has no column."""
    is_own = isinstance(field, AutoField) or field.column == "_id"
    return (field.unique or field.db_index) and not is_own
