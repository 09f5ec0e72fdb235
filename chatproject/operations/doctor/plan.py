"""Which checks an installation is to have, by its settings."""

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.db import connections

from chatproject.databases import MESSAGES
from chatproject.operations.doctor import configuration, machine, processes, stores
from chatproject.operations.doctor.examine import Check

ITS_LOG = "Read the whole error in the log, or with LOG_LEVEL=info."


def plan() -> Iterator[Check]:
    for look in (machine.python, machine.libraries, machine.sqlite, machine.open_files,
                 machine.root, machine.data_folder):  # fmt: skip
        yield Check(look.__name__.replace("_", " ").capitalize(), look, ITS_LOG)
    for look in (configuration.mode, configuration.secret_key, configuration.addresses,
                 configuration.https, configuration.dotenv,
                 configuration.system_checks):  # fmt: skip
        yield Check("Settings", look, ITS_LOG)
    yield from _databases()
    yield from (_distributed() if settings.REDIS_URL else _embedded())
    if settings.MQTT_URL:
        from chatproject.operations.doctor import mqtt

        yield Check(mqtt.SUBJECT, mqtt.mqtt, mqtt.REACH)


def _databases() -> Iterator[Check]:
    for alias in connections:
        connection = connections[alias]
        variable = "MONGO_URL" if _is_mongo(alias) else "DATABASE_URL"
        reach = f"See that {connection.display_name} runs, and what {variable} says of it."
        yield Check(f"Database {alias}", partial(stores.store, alias), reach)
        if connection.vendor == "postgresql" and alias != MESSAGES:
            from chatproject.operations.doctor.postgres import postgres

            yield Check("PostgreSQL", partial(postgres, alias), reach)
        elif _is_mongo(alias):
            from chatproject.operations.doctor.mongo import mongo

            yield Check("MongoDB", mongo, reach)


def _is_mongo(alias: str) -> bool:
    return connections[alias].vendor not in ("sqlite", "postgresql")


def _distributed() -> Iterator[Check]:
    from chatproject.operations.doctor.redis import redis

    reach = "See that Redis runs, and what REDIS_URL says of it."
    yield Check("Redis", redis, reach)
    yield Check("Web processes", processes.web, reach)
    yield Check("Workers", processes.workers, reach)
    yield Check("Beat", processes.beat, "See what is said of the databases.")


def _embedded() -> Iterator[Check]:
    yield Check("Server", processes.embedded, ITS_LOG)
