"""The message store: where messages are, whatever the engine. Chosen by the database's vendor."""

from django.db import connections

from chat.store.general import GeneralStore, Row, Tip
from chat.store.sql import SqlStore
from chatproject.databases import MESSAGES

SQL_VENDORS = ("sqlite", "postgresql")

store: GeneralStore = SqlStore() if connections[MESSAGES].vendor in SQL_VENDORS else GeneralStore()

__all__ = ["GeneralStore", "Row", "SqlStore", "Tip", "store"]
