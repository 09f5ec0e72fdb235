"""The index of this installation: chosen by the vendor of `default`."""

from functools import cache

from django.db import connections

from chat.search.index import Index
from chatproject.databases import DEFAULT


@cache
def index_on(vendor: str) -> Index:
    """The index for a database of this vendor, as Django's connections name it."""
    if vendor == "postgresql":
        from chat.search.postgres import PostgresIndex

        return PostgresIndex()
    from chat.search.fts5 import Fts5Index

    return Fts5Index()


def index() -> Index:
    return index_on(connections[DEFAULT].vendor)
