"""The message store: where messages are, whatever the engine. Chosen by the database's vendor."""

from django.db import connections

from chat.store.general import GeneralStore, Row, Said, Tip
from chat.store.postgres import PostgresStore
from chat.store.sql import SqlStore
from chatproject.databases import MESSAGES

__all__ = ["GeneralStore", "PostgresStore", "Row", "Said", "SqlStore", "Tip", "store", "store_on"]


def store_on(vendor: str) -> GeneralStore:
    """The store for a database of this vendor, as Django's connections name it."""
    if vendor == "sqlite":
        return SqlStore()
    if vendor == "postgresql":
        return PostgresStore()
    from chat.store.mongo import MongoStore  # pymongo is imported only where it is used

    return MongoStore()


store = store_on(connections[MESSAGES].vendor)
