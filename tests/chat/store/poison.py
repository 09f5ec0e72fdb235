"""Have the database itself refuse one body, whatever batch it comes in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chat.models import Message
from tests.chat.store.engines import Engine

TABLE = Message._meta.db_table
SQLITE = (
    f"""CREATE TRIGGER poison BEFORE INSERT ON {TABLE} WHEN NEW.body = 'poison'
    BEGIN SELECT RAISE(ABORT, 'poison'); END""",
    "DROP TRIGGER poison",
)
POSTGRES = (
    f"""CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = 'data_exception'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON {TABLE} FOR EACH ROW WHEN (NEW.body = 'poison')
    EXECUTE FUNCTION refuse()""",
    f"DROP TRIGGER poison ON {TABLE}; DROP FUNCTION refuse",
)


@contextmanager
def poisoned(engine: Engine) -> Iterator[None]:
    change, *steps = _by_validation(engine) if engine.is_mongo else _by_trigger(engine)
    change(steps[0])
    try:
        yield
    finally:
        change(steps[1])


def _by_trigger(engine: Engine) -> tuple[Callable[[Any], Any], Any, Any]:
    def run(statement: str) -> None:
        with engine.connection.cursor() as cursor:
            cursor.execute(statement)

    return run, *(SQLITE if engine.connection.vendor == "sqlite" else POSTGRES)


def _by_validation(engine: Engine) -> tuple[Callable[[Any], Any], Any, Any]:
    def validate(validator: dict[str, Any]) -> None:
        database = engine.connection.get_collection(TABLE).database
        database.command("collMod", TABLE, validator=validator)

    return validate, {"body": {"$ne": "poison"}}, {}
