"""Migrations of other models than the chat's: done whole, or refused."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, NotSupportedError, connections, models
from django.test.utils import isolate_apps

NOW = datetime(2026, 11, 22, 9, 30, 0, 125_000, tzinfo=UTC)


@pytest.fixture
def connection(djongo):
    return djongo.connection


@pytest.fixture
def made(connection):
    """`made(model)`: its table, dropped in the end."""
    tables = []

    def make(model: type[models.Model]) -> type[models.Model]:
        with connection.schema_editor() as editor:
            editor.create_model(model)
        tables.append(model._meta.db_table)
        return model

    yield make
    for table in tables:
        connection.get_collection(table).drop()


def model(**attributes: Any) -> type[models.Model]:
    class Meta:
        app_label = "chat"
        db_table = "things"
        constraints = attributes.pop("constraints", [])
        indexes = attributes.pop("indexes", [])
        unique_together = attributes.pop("unique_together", [])

    key = models.CharField(primary_key=True, max_length=9, db_column="_id")
    body = {"key": key, **attributes, "Meta": Meta, "__module__": __name__}
    with isolate_apps("chat"):
        return type("Thing", (models.Model,), body)


def indexes(connection) -> dict[str, Any]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "things")
    found.pop("_id_")
    return {name: (list(zip(index["columns"], index["orders"], strict=True)), index["unique"])
            for name, index in found.items()}  # fmt: skip


def test_values_come_back_as_they_went_in(connection, made):
    kinds: dict[str, tuple[Any, list[Any]]] = {
        "flag": (models.BooleanField(null=True), [True, False, None]),
        "whole": (models.IntegerField(), [0, -1, 2**31 - 1]),
        "big": (models.BigIntegerField(), [0, 2**63 - 1, -(2**63)]),
        "small": (models.SmallIntegerField(), [1, -1, 32767]),
        "real": (models.FloatField(), [0.1, 1e300, -1.0]),
        "text": (models.TextField(), ["", "ü\n", "x" * 10_000]),
        "at": (models.DateTimeField(), [NOW, NOW.replace(year=1, microsecond=0), NOW]),
        "uid": (models.UUIDField(), [uuid.UUID(int=n) for n in (0, 7, 2**128 - 1)]),
        "data": (models.JSONField(), [{"a": [1, None]}, [], "text"]),
    }
    thing = made(model(**{name: field for name, (field, _) in kinds.items()}))
    for number in range(3):
        values = {name: values[number] for name, (_, values) in kinds.items()}
        thing(key=number, **values).save(using="messages", force_insert=True)
        found = thing.objects.using("messages").get(pk=number)
        assert {name: getattr(found, name) for name in kinds} == values
        assert [type(getattr(found, name)) for name in kinds] == [type(v) for v in values.values()]
    assert thing.objects.using("messages").get(uid=uuid.UUID(int=7)).key == "1"


def test_indexes_and_constraints_are_there(connection, made):
    thing = made(
        model(
            name=models.CharField(max_length=9, unique=True),
            kind=models.CharField(max_length=9, db_index=True),
            at=models.DateTimeField(),
            indexes=[models.Index(fields=["kind", "-at"], name="by_kind")],
            constraints=[models.UniqueConstraint(fields=["kind", "at"], name="once")],
        )
    )
    found = indexes(connection)
    assert found["by_kind"] == ([("kind", "ASC"), ("at", "DESC")], False)
    assert found["once"] == ([("kind", "ASC"), ("at", "ASC")], True)
    assert ([("kind", "ASC")], False) in found.values()
    assert ([("name", "ASC")], True) in found.values()
    with connection.schema_editor() as editor:
        editor.remove_constraint(thing, thing._meta.constraints[0])
        editor.remove_index(thing, thing._meta.indexes[0])
    assert len(indexes(connection)) == 2


def test_fields_are_added_changed_and_removed(connection, made):
    thing = made(model(name=models.CharField(max_length=9)))
    rows = thing.objects.using("messages")
    rows.create(key="1", name="a")
    kind = models.CharField(max_length=9, default="text", db_index=True)
    kind.set_attributes_from_name("kind")
    kind.model = thing
    sort = models.CharField(max_length=99, default="text", unique=True)
    sort.set_attributes_from_name("sort")
    sort.model = thing
    table = connection.get_collection("things")
    with connection.schema_editor() as editor:
        editor.add_field(thing, kind)
        assert table.find_one() == {"_id": "1", "name": "a", "kind": "text"}
        assert list(indexes(connection).values()) == [([("kind", "ASC")], False)]
        editor.alter_field(thing, kind, sort)
        assert table.find_one() == {"_id": "1", "name": "a", "sort": "text"}
        assert list(indexes(connection).values()) == [([("sort", "ASC")], True)]
        with pytest.raises(IntegrityError):
            thing._base_manager.using("messages").bulk_create([thing(key="1", name="b")])
        editor.remove_field(thing, sort)
        assert table.find_one() == {"_id": "1", "name": "a"}
        assert indexes(connection) == {}
        editor.alter_db_table(thing, "things", "others")
        editor.alter_db_table(thing, "others", "things")
    assert rows.get().name == "a"


REFUSED: dict[str, dict[str, Any]] = {
    "automatic key": {"key": models.BigAutoField(primary_key=True)},
    "check": {"constraints": [models.CheckConstraint(condition=models.Q(key="a"), name="c")]},
    "condition": {"constraints": [models.UniqueConstraint(
        fields=["key"], name="c", condition=models.Q(key="a"))]},
    "date": {"at": models.DateField()},
    "decimal": {"price": models.DecimalField(max_digits=5, decimal_places=2)},
    "duration": {"of": models.DurationField()},
    "expression": {"indexes": [models.Index(models.F("key").desc(), name="i")]},
    "foreign key": {"to": models.ForeignKey("chat.Message", models.CASCADE)},
    "many to many": {"to": models.ManyToManyField("chat.Message")},
    "together": {"unique_together": [("key", "name")], "name": models.TextField()},
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_mongodb_cannot_keep_is_refused(connection, name):
    with pytest.raises(NotSupportedError), connection.schema_editor() as editor:
        editor.create_model(model(**REFUSED[name]))
    assert "things" not in connection.introspection.table_names()


def test_types_do_not_change_and_sql_does_not_run(connection, made):
    thing = made(model(name=models.CharField(max_length=9)))
    number = models.IntegerField()
    number.set_attributes_from_name("name")
    with connection.schema_editor() as editor:
        with pytest.raises(NotSupportedError):
            editor.alter_field(thing, thing._meta.get_field("name"), number)
        with pytest.raises(NotSupportedError):
            editor.execute("ALTER TABLE things ADD COLUMN x int")


def test_sqlmigrate_says_and_does_not_do(connection):
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(model(name=models.CharField(max_length=9, unique=True)))
    assert editor.collected_sql[0] == "-- things: create"
    assert "unique" in editor.collected_sql[1]
    assert "things" not in connections["messages"].introspection.table_names()
