"""What people type to find something: words, “phrases”, and where, by whom and when.

Nothing of it is an engine's language: it becomes the words of `words.py`, and these a `Wanted`.
"""

import re
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import Struct, field

from chat.conversation_ids import DEVICE, dm_id, room_id
from chat.names import NAME_RULE, is_name, normalise
from chat.protocol import Invalid
from chat.search.words import is_sign, words

PREFIX_LEAST = 3
"""Letters before a “*”: fewer would begin too many words. (Of so many SQLite has an index.)"""
PREFIXES_MOST = 3
"""Of these in one query: each costs as much as all the words that it stands for."""
FAULTY = 40
"""Characters of what is wrong that an answer repeats."""
_QUOTES = str.maketrans("“”„‟«»＂", '"""""""')
_VALUE = r'(?:"([^"]*)"?|([^\s"]{}))'
_FILTER = re.compile(f"(from|in|before|after):{_VALUE.format('*')}", re.IGNORECASE)
_TERM = re.compile(_VALUE.format("+"))
_SPACE = re.compile(r"\s*")


class Phrase(NamedTuple):
    """Words that stand one after the other; of the last, perhaps, just the beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False


class Query(Struct):
    """What was typed; all of it must be true of a message, and one of each list of names."""

    phrases: list[Phrase] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    """The words and phrases as they were typed, to be shown where they are found."""
    senders: list[str] = field(default_factory=list)
    places: list[tuple[str, list[str]]] = field(default_factory=list)
    """What was typed, and the ids that it may mean."""
    since: datetime | None = None
    until: datetime | None = None
    """Not itself."""


def parse(text: str, account: str) -> Query:
    """What `account` asks for; raises Invalid with what would be right."""
    query = Query()
    for name, quoted, plain in _parts(text.translate(_QUOTES)):
        if name is None:
            _add_words(query, quoted, plain)
        else:
            _FILTERS[name.lower()](query, (quoted or plain or "").strip(), account)
    if not (query.phrases or query.senders or query.places or query.since or query.until):
        raise Invalid("“query” must have a word to look for, or from:, in:, before: or after:.")
    return query


def _parts(text: str) -> Iterator[tuple[str | None, str | None, str | None]]:
    """The name of a filter, where it is one; and what is quoted, or what is not."""
    at = 0
    while found := _SPACE.match(text, at):
        at = found.end()
        if part := _FILTER.match(text, at):
            yield part[1], part[2], part[3]
        elif part := _TERM.match(text, at):
            yield None, part[1], part[2]
        else:
            return
        at = part.end()


def _add_words(query: Query, quoted: str | None, plain: str | None) -> None:
    term = (quoted or plain or "").strip()
    found = tuple(words(term))
    if not found:
        return
    is_prefix = quoted is None and term.endswith("*") and not is_sign(found[-1])
    is_short = len(found[-1]) < PREFIX_LEAST
    if is_prefix and is_short and len(found) > 1:
        is_prefix = False  # what comes before it, as in “第12*”, is enough to look for
    if is_prefix and is_short:
        raise Invalid(f"“{term[:FAULTY]}” must have {PREFIX_LEAST} letters before the “*”.")
    if is_prefix and sum(phrase.is_prefix for phrase in query.phrases) == PREFIXES_MOST:
        raise Invalid(f"“query” may have at most {PREFIXES_MOST} words with “*”.")
    query.phrases.append(Phrase(found, is_prefix))
    query.terms.append(term.strip(string.punctuation) or term)


def _from(query: Query, value: str, account: str) -> None:
    name = _name(value.removeprefix("@"), account)
    if name is None:
        raise Invalid(f"“from:{value[:FAULTY]}” must name somebody, as from:bob or from:me.")
    query.senders.append(name)


def _in(query: Query, value: str, account: str) -> None:
    ids = _places(value, account)
    if not ids:
        raise Invalid(f"“in:{value[:FAULTY]}” must name a room or a person, as in:#lobby or in:bob;"
                      f" a name is {NAME_RULE}.")  # fmt: skip
    query.places.append((value, ids))


def _places(value: str, account: str) -> list[str]:
    """The conversations that `value` may mean, where it is a name or an id."""
    if value.startswith("#"):
        room = room_id(value)
        return [room] if is_name(room.partition(":")[2]) else []
    if ":" in value:
        id_ = normalise(value)
        return [id_] if all(map(is_name, id_.split(":"))) else []
    name = _name(value.removeprefix("@"), account)
    return [dm_id(account, name), DEVICE + name] if name else []


def _name(value: str, account: str) -> str | None:
    name = normalise(value)
    if name == "me":
        return account
    return name if is_name(name) else None


def _before(query: Query, value: str, account: str) -> None:
    until = _moment("before", value)
    query.until = min(until, query.until or until)


def _after(query: Query, value: str, account: str) -> None:
    since = _moment("after", value)
    query.since = max(since, query.since or since)


def _moment(name: str, value: str) -> datetime:
    """A day's beginning, in UTC, or a moment with its zone."""
    try:
        found = datetime.fromisoformat(value.upper())
        if len(value) == len("2026-11-01"):
            return found.replace(tzinfo=UTC)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid(f"“{name}:{value[:FAULTY]}” must be a day, as {name}:2026-11-01, or a time with"
                  f" its zone, as {name}:2026-11-01T09:30:00Z.")  # fmt: skip


_FILTERS: dict[str, Callable[[Query, str, str], None]] = {
    "from": _from, "in": _in, "before": _before, "after": _after,
}  # fmt: skip
