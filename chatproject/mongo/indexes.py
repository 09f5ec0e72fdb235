"""Django's indexes and unique constraints as MongoDB's."""

from typing import Any

from django.db import NotSupportedError
from django.db.models import Field, Index, Model, UniqueConstraint
from django.db.models.constraints import BaseConstraint
from pymongo import ASCENDING, DESCENDING, IndexModel


def of_index(model: type[Model], index: Index) -> IndexModel:
    """Raises NotSupportedError where MongoDB would not do what `index` says."""
    if type(index) is not Index or index.expressions or index.condition or index.include:
        raise NotSupportedError(f"{index.name}: MongoDB gets indexes of fields alone.")
    keys = [(_column(model, name), DESCENDING if order else ASCENDING)
            for name, order in index.fields_orders]  # fmt: skip
    return IndexModel(keys, name=index.name)


def of_constraint(model: type[Model], constraint: BaseConstraint) -> IndexModel:
    """A whole unique index, not a partial one: planners use those only for queries that repeat
    the condition. Raises NotSupportedError for any other constraint."""
    if not isinstance(constraint, UniqueConstraint) or not _is_plain(constraint):
        raise NotSupportedError(
            f"{constraint.name}: MongoDB gets unique constraints of fields, and no others."
        )
    keys = [(_column(model, name), ASCENDING) for name in constraint.fields]
    return IndexModel(keys, name=constraint.name, unique=True)


def of_field(field: "Field[Any, Any]", name: str) -> IndexModel:
    """For a field that is `unique` or has `db_index`."""
    return IndexModel([(str(field.column), ASCENDING)], name=name, unique=field.unique)


def _is_plain(constraint: UniqueConstraint) -> bool:
    asked = (constraint.condition, constraint.expressions, constraint.include,
             constraint.opclasses, constraint.deferrable)  # fmt: skip
    return not any(asked) and constraint.nulls_distinct is not True


def _column(model: type[Model], field_name: str) -> str:
    return str(model._meta.get_field(field_name).column)
