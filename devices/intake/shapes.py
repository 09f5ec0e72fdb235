"""The three forms that readings come in: one, `{"readings": […]}`, or a list."""

import json
from typing import Any, NamedTuple

from chat.protocol import Invalid
from devices.intake.refused import BadField

BODY_MAX = 256 * 1024
"""Bytes; a thousand readings with all their fields are 80 KiB."""
READINGS_MAX = 1_000
"""In one body."""
FIELDS = ("value", "unit", "time")
HAS = "a reading has “value”, “unit” and “time”"
SHOWN_MAX = 64
"""Characters of an unknown field's name that are told back."""


class Given(NamedTuple):
    """A reading as its device gives it, nothing of it checked but that it has these fields."""

    place: str
    """What the names of its fields begin with: “readings[3].”"""
    value: Any
    unit: Any
    time: Any

    def field(self, name: str) -> str:
        return f"{self.place}{name}"


def decode(raw: bytes) -> list[Given]:
    """The readings in `raw`; raises Invalid, and BadField where a field is to blame."""
    if len(raw) > BODY_MAX:
        raise Invalid(f"The body must be at most {BODY_MAX} bytes.")
    # not by msgspec: of NaN it would say that it is no JSON, and not where it stands
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Invalid("The body must be JSON, in UTF-8: a reading, or a list of them.") from None
    if isinstance(found, dict) and "readings" in found:
        _refuse_unknown(found, ("readings",), "")
        return _listed(found["readings"], "readings")
    if isinstance(found, list):
        return _listed(found, "")
    if not isinstance(found, dict):
        raise Invalid("The body must be a reading, an object with a “value”, or a list of them.")
    return [_given(found, "")]


def _listed(found: Any, name: str) -> list[Given]:
    if not isinstance(found, list) or not 1 <= len(found) <= READINGS_MAX:
        must = f"must hold 1 to {READINGS_MAX:,} readings"
        raise BadField(name, f"{must}, in a list") if name else Invalid(f"The list {must}.")
    for index, reading in enumerate(found):
        if not isinstance(reading, dict):
            raise BadField(f"{name}[{index}]", "must be a reading, an object with a “value”")
    return [_given(reading, f"{name}[{index}].") for index, reading in enumerate(found)]


def _given(found: dict[str, Any], place: str) -> Given:
    _refuse_unknown(found, FIELDS, place)
    if "value" not in found:
        raise BadField(f"{place}value", "is missing")
    return Given(place, found["value"], found.get("unit"), found.get("time"))


def _refuse_unknown(found: dict[str, Any], known: tuple[str, ...], place: str) -> None:
    for name in found:
        if name not in known:
            raise BadField(f"{place}{_shown(name)}", f"is unknown; {HAS}", said=f"{place}…")


def _shown(name: str) -> str:
    """The name as far as it can be told back: no control characters, no halves of pairs."""
    return name if name.isprintable() and len(name) <= SHOWN_MAX else "…"
