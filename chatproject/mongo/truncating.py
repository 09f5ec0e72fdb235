"""DATE_TRUNC, in a time zone, as Django asks for it since version 4."""

from typing import Any

from djongo import base  # noqa: F401 (first: djongo's modules import each other)
from djongo.sql2mongo import functions

FORMATS = {
    "year": "%Y-01-01T00:00:00",
    "month": "%Y-%m-01T00:00:00",
    "day": "%Y-%m-%dT00:00:00",
    "hour": "%Y-%m-%dT%H:00:00",
    "minute": "%Y-%m-%dT%H:%M:00",
    "second": "%Y-%m-%dT%H:%M:%S",
}


class DateTrunc(functions.DateTrunc):
    """`DATE_TRUNC(DAY, "table"."column", "Europe/Berlin")`: the local time, cut off, as if in UTC.

    Django takes it for naive, and adds the zone again.
    """

    def to_mongo(self) -> dict[str, Any]:
        zone = list((self._token[0] if self.alias else self._token).get_parameters())[2]
        local = {
            "format": FORMATS[self.lookup_type] + "Z",
            "date": f"${self.iden.field}",
            "timezone": zone.value.strip('"'),
        }
        return {"$dateFromString": {"dateString": {"$dateToString": local}}}
