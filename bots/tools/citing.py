"""Which of the readings that a model was given its answer rests on: by the numbers in its words."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

MOST, MOST_CHIEF = 10, 3

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?|\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?", re.ASCII)
_NUMBER = re.compile(
    r"(?P<minus>(?<![\w.,])[-−–])?"
    r"(?<![\w.,])(?<![A-Za-z]-)"
    r"(?P<digits>\d{1,3}(?:[,.'’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?!\d|[.,]\d)",
    re.ASCII,
)
_SEPARATOR = re.compile(r"\D")


class Given(NamedTuple):
    """A reading that a model was given."""

    reading: dict[str, Any]
    """As an answer's `data` has it: `device`, `seq`, `at` (RFC 3339), `value` and `unit`."""
    chief: bool
    """It stood for itself: the last one, the lowest, the highest."""


def cited(text: str, calls: Sequence[Sequence[Given]]) -> list[dict[str, Any]]:
    """Of what was given by the calls of tools, the readings whose values stand in `text`.

    At most 10, each once, in the order of time. Where none does, the chief ones of the last call
    that gave any, if these are no more than 3: the answer says in words what they show.
    """
    numbers = numbers_in(text)
    everything = _each_once(chain.from_iterable(calls))
    meant = [each for each in everything if each.reading["value"] in numbers]
    if not meant:
        return _in_time(_chief(calls))
    return _in_time(sorted(meant, key=_rank, reverse=True)[:MOST])


def numbers_in(text: str) -> set[float]:
    """What the numbers written in `text` may be. Times and dates are none.

    Without a sign it is either: “3.2 degrees below zero”. 1,234 can be read in two ways, too.
    """
    numbers = set()
    for found in _NUMBER.finditer(_MOMENT.sub(" ", text)):
        values = _values(found["digits"])
        numbers |= {-value for value in values}
        if not found["minus"]:
            numbers |= values
    return numbers


def _values(digits: str) -> set[float]:
    """What the digits, with their separators, may say: 1,234.5 and 1.234,5; 21,4 and 21.4."""
    whole, *groups = _SEPARATOR.split(digits)
    found = set()
    if len(groups) <= 1:
        found.add(float(".".join([whole, *groups])))
    if groups and all(len(group) == 3 for group in groups):
        found.add(float("".join([whole, *groups])))
    elif len(groups) > 1:
        found.add(float("".join([whole, *groups[:-1]]) + "." + groups[-1]))
    return found


def _each_once(given: Iterable[Given]) -> list[Given]:
    """A reading that was given twice is a chief one if it was so once."""
    found: dict[tuple[str, int], Given] = {}
    for each in given:
        place = each.reading["device"], each.reading["seq"]
        found[place] = max(found.get(place, each), each, key=lambda one: one.chief)
    return list(found.values())


def _chief(calls: Sequence[Sequence[Given]]) -> list[Given]:
    last: Sequence[Given] = next((call for call in reversed(calls) if call), ())
    chief = _each_once(each for each in last if each.chief)
    return chief if len(chief) <= MOST_CHIEF else []


def _rank(given: Given) -> tuple[bool, str]:
    """Chief ones first, and of the others the newest."""
    return given.chief, given.reading["at"]


def _in_time(given: Iterable[Given]) -> list[dict[str, Any]]:
    return sorted((each.reading for each in given), key=lambda reading: reading["at"])
