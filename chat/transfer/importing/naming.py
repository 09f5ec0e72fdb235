"""What people and rooms of an export are called here. Nothing is looked up."""

import hashlib
import re
from collections.abc import Iterable, Mapping

from chat.names import NAME_MAX, is_name, normalise
from chat.transfer.sources.model import Person

HASH = 6
_OTHERS = re.compile(r"[^a-z0-9_.-]+")


class BadMap(ValueError):
    """Why an OLD=NEW makes no sense, for the person who typed it."""


class Names:
    def __init__(self, maps: Iterable[str] = ()) -> None:
        """`maps`: OLD=NEW, names of people, or of rooms with “#” before both. Raises BadMap."""
        self._people: dict[str, str] = {}
        self._rooms: dict[str, str] = {}
        for given in maps:
            self._add(given)

    def _add(self, given: str) -> None:
        old, _, new = given.partition("=")
        rooms = [name.startswith("#") for name in (old, new)]
        if all(rooms):
            old, new = old[1:], new[1:]
        if not old or not is_name(new := normalise(new)) or any(rooms) != all(rooms):
            raise BadMap(f"--map must be OLD=NEW or “#OLD=#NEW”, NEW a name here, not {given!r}.")
        (self._rooms if all(rooms) else self._people)[normalise(old)] = new

    def account(self, person: Person) -> str:
        return _named(person.name, self._people)

    def room(self, name: str) -> str:
        return _named(name, self._rooms)

    def says_account(self, person: Person) -> bool:
        """Whether it was typed who `person` is here."""
        return normalise(person.name) in self._people

    def says_room(self, name: str) -> bool:
        """Whether it was typed which room `name` is here."""
        return normalise(name) in self._rooms


def _named(name: str, known: Mapping[str, str]) -> str:
    name = normalise(name)
    return known.get(name) or as_name(name)


def as_name(name: str) -> str:
    """`name` where it is one here, else one that looks like it; always the same for the same, and
    another for another: “jörgen” and “jürgen” are two people."""
    if is_name(name):
        return name
    found = _OTHERS.sub("-", name).strip("-_.")
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH]
    return f"{found[: NAME_MAX - HASH - 1]}-{digest}".lstrip("-_.")
